import type { Source } from '../input/source.js'
import type { Io } from '../io.js'
import { formatBytes, formatSpan } from './numbers.js'

/** Work that is over sooner needs no progress. */
const FIRST_AFTER_MS = 1000
const EVERY_MS = 200

/** How far the reading is, on standard error where that is a terminal. */
export class Progress {
  private readonly total: number | undefined
  private readonly isShown: boolean
  private readonly startedAt: number
  private done = 0
  private nextAt: number
  private isOnScreen = false

  constructor(
    private readonly io: Io,
    sources: readonly Source[],
    isQuiet: boolean,
  ) {
    const sizes = sources.map(({ size }) => size)
    this.total = sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
    this.isShown = io.stderr.isTTY === true && !isQuiet
    this.startedAt = io.now()
    this.nextAt = this.startedAt + FIRST_AFTER_MS
  }

  add(bytes: number): void {
    this.done += bytes
    if (!this.isShown) return
    const now = this.io.now()
    if (now < this.nextAt) return
    this.nextAt = now + EVERY_MS
    this.isOnScreen = true
    this.io.stderr.write(`\r\u001b[K${this.text(now)}`)
  }

  clear(): void {
    if (this.isOnScreen) this.io.stderr.write('\r\u001b[K')
    this.isOnScreen = false
  }

  private text(now: number): string {
    const { done, total, startedAt } = this
    const perMs = done / Math.max(1, now - startedAt)
    const rate = `${formatBytes(perMs * 1000)}/s`
    // A source that is read twice, or grows, does not run over.
    if (total === undefined || total < done) return `${formatBytes(done)} read, ${rate}`
    const share = Math.floor((done / total) * 100)
    return `${share} % of ${formatBytes(total)}, ${rate}, ${formatSpan((total - done) / perMs)} left`
  }
}
