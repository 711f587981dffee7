import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { UserError } from './user-error.js'

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
   * @throws UserError when the text cannot be written, as on a full disk.
   */
  async flush(): Promise<void> {
    const { text, signal, stream } = this
    this.text = ''
    if (text !== '' && this.failure === undefined && !this.write(text)) {
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

  /** Whether there is room for more. */
  private write(text: string): boolean {
    try {
      return this.stream.write(text)
    } catch (error) {
      // Where standard output is a file, Node writes at once, and throws.
      this.onError(error as Error)
      return true
    }
  }

  private readonly onError = (error: NodeJS.ErrnoException): void => {
    const isGone = error.code === 'EPIPE' || error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_DESTROYED'
    this.failure ??= isGone
      ? new ReaderGone('nobody reads the output any more', { cause: error })
      : new UserError(`standard output: ${error.message}`, { cause: error })
  }
}
