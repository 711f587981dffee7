import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Body } from './client.js'
import { EncoderThread } from './encoder-thread.js'
import type { Entries } from './entry.js'
import type { Protocol } from './protocol.js'

const compress = promisify(gzip)

/** Makes requests' bodies: in a thread of its own, or, where there is none, between the application's turns. */
export class Encoder {
  private thread: EncoderThread | undefined

  constructor(
    private readonly protocol: Protocol,
    private readonly options: { readonly gzip: boolean; readonly worker: boolean },
  ) {
    const { worker } = protocol
    if (options.worker && worker !== undefined) this.thread = new EncoderThread(protocol.name, worker, options.gzip)
  }

  async encode(entries: Entries): Promise<Body> {
    const encoding = this.options.gzip ? 'gzip' : undefined
    const bytes = await this.thread?.encode(entries)
    if (bytes !== undefined) return { bytes, encoding }
    // The thread could not be started, or died: there will be no other.
    this.thread = undefined
    const plain = this.encodeSync(entries)
    return { bytes: encoding === undefined ? plain : await compress(plain), encoding }
  }

  /** For the end of the process; not compressed. */
  encodeSync(entries: Entries): Uint8Array {
    const body = this.protocol.encode(entries)
    return typeof body === 'string' ? Buffer.from(body) : body
  }

  async close(): Promise<void> {
    await this.thread?.close()
  }
}
