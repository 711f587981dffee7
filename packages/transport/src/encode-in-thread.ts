import { parentPort, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import type { EncodeAnswer, EncodeRequest } from './encoder-thread.js'
import type { Encode } from './protocol.js'

/**
 * The whole of a worker thread that encodes.
 *
 * @param create Makes the `encode` from the protocol's data.
 */
export function encodeInThread<T>(create: (data: T) => Encode): void {
  const { data, gzip } = workerData as { data: T; gzip: boolean }
  const encode = create(data)
  parentPort?.on('message', ({ id, entries }: EncodeRequest) => {
    const body = encode(entries)
    const plain = typeof body === 'string' ? Buffer.from(body) : body
    // A copy in a buffer of its own, which is handed over and not copied again.
    const bytes = new Uint8Array(gzip ? gzipSync(plain) : plain)
    const answer: EncodeAnswer = { id, bytes }
    parentPort?.postMessage(answer, [bytes.buffer])
  })
}
