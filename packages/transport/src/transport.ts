import { type Destination, LEVELS, type LineMaker } from 'throughline'
import { isEnding, Tally, warnOnce } from 'throughline/destination'
import type { Batch } from './batch.js'
import { Client } from './client.js'
import { DeadLetters } from './dead-letters.js'
import { Delivery } from './delivery.js'
import { Encoder } from './encoder.js'
import { lastPush } from './last-push.js'
import { MemoryQueue } from './memory-queue.js'
import type { CheckedTransport } from './options.js'
import type { Protocol } from './protocol.js'
import type { Reservoir } from './reservoir.js'
import { Shipper } from './shipper.js'
import { Timestamps } from './timestamps.js'
import { verdictOf } from './verdict.js'

/** A day: no timer that keeps a process alive for a flush has to fire. */
const LONG_MS = 86_400_000

/**
 * A destination that ships lines to a remote store: batched, compressed, tried again until the store has them, bounded in
 * memory. `@throughline/loki` and `@throughline/otlp` are this and a protocol.
 *
 * @param options As `checkTransport` returns them.
 * @throws when a file or a folder that it needs cannot be written.
 */
export function transport(protocol: Protocol, options: CheckedTransport): Destination {
  return new RemoteTransport(protocol, options)
}

class RemoteTransport implements Destination {
  private readonly tally = new Tally()
  private readonly timestamps = new Timestamps()
  private readonly reservoir: Reservoir
  private readonly encoder: Encoder
  private readonly client: Client
  private readonly delivery: Delivery
  private readonly shipper: Shipper
  private waiters: { readonly end: number; readonly resolve: () => void }[] = []
  /** Keeps the process alive while somebody waits. */
  private holder: NodeJS.Timeout | undefined
  /** The last attempt did not reach the store. */
  private isAway = false
  private isClosed = false

  constructor(
    private readonly protocol: Protocol,
    private readonly options: CheckedTransport,
  ) {
    const { endpoint, retry } = options
    const { shown } = endpoint
    const { tally } = this
    const deadLetters = new DeadLetters(protocol.name, options.deadLetters, shown)
    deadLetters.check()
    this.reservoir = new MemoryQueue(options.batch, options.queue)
    this.encoder = new Encoder(protocol, options)
    this.client = new Client(endpoint, protocol.contentType, options)
    const onAttempt = (reached: boolean) => this.attempted(reached)
    const parts = { protocol, encoder: this.encoder, client: this.client, deadLetters, tally, retry, shown, onAttempt }
    this.delivery = new Delivery(parts)
    this.shipper = new Shipper(this.reservoir, this.delivery, {
      maxRequests: options.maxRequests,
      lingerMs: options.batch.ms,
      onProgress: () => this.wake(),
    })
  }

  write(line: string, level: number): void {
    const { tally, timestamps } = this
    if (this.isClosed) {
      tally.count(level)
      return
    }
    timestamps.stamp(line)
    this.reservoir.add({ line, level, tally, ms: timestamps.ms, ns: timestamps.ns })
    this.shipper.added()
  }

  async flush(): Promise<void> {
    await this.settled(Number.POSITIVE_INFINITY)
  }

  flushSync(): void {
    this.reservoir.saveSync()
    // What is on disk is safe; the store may still have it before a life ends that its pod's disk does not outlive.
    const isSafe = this.reservoir.isDurable && !isEnding()
    if (!isSafe && this.options.exitTimeoutMs > 0) this.push()
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await this.settled(this.options.closeTimeoutMs)
    this.shipper.stop()
    await Promise.all([this.client.close(), this.encoder.close()])
    const lost = this.reservoir.close()
    if (lost > 0) this.tell(`${lost} lines could not be sent before close() gave up, and are lost`)
  }

  dropped(): Readonly<Record<string, number>> {
    return this.tally.byLevel
  }

  reportWith(makeLine: LineMaker): void {
    this.tally.makeLine = makeLine
  }

  /** Resolves when the lines so far are settled, or where their loss is no question any more, or when the time is over. */
  private async settled(patienceMs: number): Promise<void> {
    const { end } = this.reservoir
    await this.reservoir.save()
    this.shipper.hurry()
    if (this.isSettled(end)) return
    await new Promise<void>((resolve) => {
      const timer = patienceMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(resolve, patienceMs)
      this.waiters.push({
        end,
        resolve: () => {
          clearTimeout(timer)
          resolve()
        },
      })
      this.holder ??= setInterval(() => {}, LONG_MS)
    })
    this.wake()
  }

  /** On disk, with the store away, is as good as it gets. */
  private isSettled(end: number): boolean {
    const { isDurable, oldest } = this.reservoir
    return oldest >= end || (isDurable && this.isAway)
  }

  private wake(): void {
    const { waiters } = this
    this.waiters = waiters.filter(({ end }) => !this.isSettled(end))
    for (const { end, resolve } of waiters) if (this.isSettled(end)) resolve()
    if (this.waiters.length > 0) return
    clearInterval(this.holder)
    this.holder = undefined
  }

  private attempted(reached: boolean): void {
    this.isAway = !reached
    if (!reached) this.wake()
    // It flows again: the log says what it lacks.
    const report = reached && !this.isClosed ? this.tally.report() : undefined
    if (report !== undefined) this.write(report, LEVELS.warn)
  }

  /** Sends everything before it returns, what is under way too: nobody will see how that ends. */
  private push(): void {
    const batches = this.reservoir.unsettled()
    if (batches.length === 0) return
    const loaded = batches.map((batch) => ({ batch, entries: batch.loadSync() }))
    const bodies = loaded.map(({ entries }) => this.encoder.encodeSync(entries))
    const { endpoint, tls, gzip, exitTimeoutMs: timeoutMs, maxRequests } = this.options
    const { name, contentType } = this.protocol
    const answers = lastPush(bodies, { name, endpoint, contentType, tls, gzip, timeoutMs, maxRequests })
    let left = 0
    for (const [i, { batch, entries }] of loaded.entries()) {
      const answer = answers[i]
      const verdict = answer && (this.protocol.judge?.(answer) ?? verdictOf(answer))
      // Whether smaller requests were taken is for the next process to see, when there is one.
      const isOpen = verdict?.kind === 'too large' || verdict?.kind === 'mixed'
      if (verdict === undefined || verdict.kind === 'retry' || (isOpen && this.reservoir.isDurable)) {
        left += entries.lines.length
      } else {
        this.delivery.settle(entries, verdict)
        this.settle(batch)
      }
    }
    if (left > 0)
      this.tell(`${left} lines could not be sent in time${this.reservoir.isDurable ? '; they are in the spool' : ''}`)
  }

  private settle(batch: Batch): void {
    batch.settle()
    this.wake()
  }

  private tell(what: string): void {
    warnOnce(`${this.protocol.name}: ${this.options.endpoint.shown}: ${what}`)
  }
}
