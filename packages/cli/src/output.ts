import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Text is handed over in pieces of this size: a system call for each line would cost more than the line. */
const PIECE = 64 * 1024

/** Nobody reads any more (`| head`): the end of the work, and no error. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/** Standard output: buffered, waiting where the reader is slow. */
export class Output {
  private text = ''
  private failure: Error | undefined

  constructor(
    private readonly stream: Writable,
    private readonly signal: AbortSignal,
  ) {
    stream.on('error', this.onError)
  }

  /** Whether `flush` is due. */
  get isFull(): boolean {
    return this.text.length >= PIECE
  }

  add(text: string): void {
    this.text += text
  }

  /**
   * Hands over what was added.
   *
   * @throws ReaderGone when the reader has gone.
   */
  async flush(): Promise<void> {
    const { text, stream, signal } = this
    this.text = ''
    if (text !== '' && this.failure === undefined && !stream.write(text)) {
      await once(stream, 'drain', { signal }).catch(() => {})
    }
    // A broken pipe is told in a later turn.
    if (text !== '') await new Promise(setImmediate)
    if (this.failure !== undefined) throw this.failure
  }

  close(): void {
    this.stream.off('error', this.onError)
    // What the pipe says after its last write is no news.
    this.stream.on('error', () => {})
  }

  private readonly onError = (error: NodeJS.ErrnoException): void => {
    const isGone = error.code === 'EPIPE' || error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_DESTROYED'
    this.failure ??= isGone ? new ReaderGone('nobody reads the output any more', { cause: error }) : error
  }
}
