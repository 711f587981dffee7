import { Worker } from 'node:worker_threads'
import { warnOnce, writesNoLines } from 'throughline/destination'
import type { Entries } from './entry.js'
import type { EncodeWorker } from './protocol.js'
import { threadOptions } from './thread-options.js'

/** What the thread is asked. */
export interface EncodeRequest {
  readonly id: number
  readonly entries: Entries
}

/** What it answers. */
export interface EncodeAnswer {
  readonly id: number
  readonly bytes: Uint8Array
}

type Done = (bytes: Uint8Array | undefined) => void

/** A thread that turns lines into a compressed request body, so that the application's event loop does not. */
export class EncoderThread {
  private worker: Worker | undefined
  private readonly waiting = new Map<number, Done>()
  private nextId = 0

  constructor(
    private readonly name: string,
    { source, data }: EncodeWorker,
    gzip: boolean,
  ) {
    try {
      this.worker = new Worker(source, {
        ...threadOptions(),
        workerData: { data, gzip },
        name: `throughline-${name}`,
      })
    } catch (error) {
      this.failed(error)
      return
    }
    writesNoLines(this.worker)
    this.worker.on('message', ({ id, bytes }: EncodeAnswer) => this.done(id, bytes))
    this.worker.on('error', (error) => this.failed(error))
    this.worker.on('exit', () => this.gone())
    // Last: listening to it keeps the process alive again.
    this.worker.unref()
  }

  /** Resolves to `undefined` when there is no thread any more. */
  async encode(entries: Entries): Promise<Uint8Array | undefined> {
    const { worker } = this
    if (worker === undefined) return undefined
    const id = this.nextId++
    return await new Promise((resolve) => {
      this.waiting.set(id, resolve)
      // The list as it is: to join it into one text first costs this thread five times as much.
      const request: EncodeRequest = { id, entries }
      worker.postMessage(request)
    })
  }

  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private done(id: number, bytes: Uint8Array | undefined): void {
    this.waiting.get(id)?.(bytes)
    this.waiting.delete(id)
  }

  private failed(error: unknown): void {
    const { code, name } = error as NodeJS.ErrnoException
    warnOnce(`${this.name}: its worker thread failed (${code ?? name}); the main thread does its work`)
    this.gone()
  }

  private gone(): void {
    this.worker = undefined
    for (const id of [...this.waiting.keys()]) this.done(id, undefined)
  }
}
