import { type Destination, LEVELS } from 'throughline'
import {
  DropCounter,
  doneWithin,
  type FlushOptions,
  isEnding,
  type LineMaker,
  refuseLate,
  type TransportHealth,
  timeoutOf,
  warnOnce,
} from 'throughline/destination'
import type { Batch } from './batch.js'
import { Client } from './client.js'
import { DeadLetters } from './dead-letters.js'
import { Delivery } from './delivery.js'
import { Encoder } from './encoder.js'
import type { Entries } from './entry.js'
import { Health } from './health.js'
import { lastPush } from './last-push.js'
import { MemoryQueue } from './memory-queue.js'
import type { CheckedTransport } from './options.js'
import type { Protocol } from './protocol.js'
import type { TransportQueue } from './queue.js'
import { Shipper } from './shipper.js'
import { Spool } from './spool/spool.js'
import { Timestamps } from './timestamps.js'
import { verdictOf } from './verdict.js'

/** What is cut off is over at once; nothing waits for it longer. */
const STOP_MS = 1_000
/** Losses are reported once in so many milliseconds. */
const REPORT_MS = 60_000
/** Reports that may be under way: several where the store was away for longer than that. */
const MOST_REPORTS = 8

/**
 * A destination that ships lines to a remote store: batched, compressed, tried again until the store has them, bounded in
 * memory. `@throughline/loki` and `@throughline/otlp` are this and a protocol.
 *
 * @param options As `checkTransport` returns them.
 * @throws when a file or a folder that it needs cannot be written.
 */
export function transport(protocol: Protocol, options: CheckedTransport): Destination {
  const remote = new RemoteTransport(protocol, options)
  // Nothing but functions, so that no inspection of a destination, and no line that one is logged in, shows credentials.
  return {
    write: (line, level) => remote.write(line, level),
    flush: (options) => remote.flush(options),
    flushSync: (options) => remote.flushSync(options),
    close: (options) => remote.close(options),
    closeTimeoutMs: options.closeTimeoutMs,
    dropped: () => remote.dropped(),
    health: () => remote.health(),
    reportWith: (makeLine) => remote.reportWith(makeLine),
  }
}

/** Somebody who waits for the lines before a place. */
interface Waiter {
  readonly end: number
  /** Whether it is enough that they are on disk while the store is away. */
  readonly isDiskEnough: boolean
  readonly resolve: () => void
}

class RemoteTransport implements Destination {
  private readonly drops = new DropCounter()
  private readonly state = new Health()
  /** Reports that may be under way. */
  private readonly reports = new Set<string>()
  /** Number of dropped lines that were reported. */
  private reported = 0
  /** Number of dropped lines that are not reported because they were reports. */
  private lostReports = 0
  /** When losses may be reported again, by `performance.now()`. */
  private nextReport = 0
  private readonly timestamps = new Timestamps()
  private readonly queue: TransportQueue
  private readonly encoder: Encoder
  private readonly client: Client
  private readonly delivery: Delivery
  private readonly shipper: Shipper
  private waiters: Waiter[] = []
  /** The last attempt did not reach the store. */
  private isAway = false
  /** Set when `close()` was called: what comes now is dropped. */
  private closing: Promise<void> | undefined
  /** Nothing is sent any more, and nobody has to wait for it. */
  private isOver = false

  constructor(
    private readonly protocol: Protocol,
    private readonly options: CheckedTransport,
  ) {
    const { endpoint, retry } = options
    const { shown, secrets } = endpoint
    const { drops } = this
    const deadLetters = new DeadLetters(protocol.name, options.deadLetters, shown)
    this.queue = this.queueFor(options)
    try {
      deadLetters.check()
    } catch (error) {
      this.queue.close()
      throw error
    }
    this.encoder = new Encoder(protocol, options)
    this.client = new Client(endpoint, protocol.contentType, options)
    const onAttempt = (reached: boolean) => this.attempted(reached)
    const { encoder, client } = this
    const onStored = () => this.onStored()
    const onRefused = (entries: Entries) => this.onRefused(entries)
    const says = { onAttempt, onStored, onRefused }
    const health = this.state
    this.delivery = new Delivery({
      protocol,
      encoder,
      client,
      deadLetters,
      drops,
      health,
      retry,
      shown,
      secrets,
      ...says,
    })
    this.shipper = new Shipper(this.queue, this.delivery, {
      maxRequests: options.maxRequests,
      lingerMs: options.batch.ms,
      onProgress: () => this.wake(),
    })
    if (!this.queue.isEmpty) this.shipper.hurry()
  }

  write(line: string, level: number): void {
    const { drops } = this
    if (this.closing === undefined) this.add(line, level)
    else refuseLate(this.protocol.name, { line, level, drops })
  }

  async flush(options?: FlushOptions): Promise<void> {
    if (await this.settled(true, timeoutOf(options))) return
    this.tell(`the store did not take the lines in the time of flush(); they wait, and are tried again`)
  }

  flushSync(options?: FlushOptions): void {
    // What is left in a spool may be another process's by now.
    if (this.isOver) return
    this.queue.saveSync()
    // What is on disk is safe. At the end the store may have it nevertheless: a pod's disk may not outlive the pod.
    const isSafe = this.queue.isDurable && (this.isAway || !isEnding())
    const timeoutMs = Math.min(this.options.exitTimeoutMs, timeoutOf(options))
    if (!isSafe && timeoutMs > 0) this.push(timeoutMs)
  }

  async close(options?: FlushOptions): Promise<void> {
    this.closing ??= this.end(options?.timeoutMs === undefined ? this.options.closeTimeoutMs : timeoutOf(options))
    await this.closing
  }

  health(): readonly TransportHealth[] {
    const { endpoint } = this.options
    const { lines, bytes } = this.queue.waiting()
    const { isDurable, unreadableFiles } = this.queue
    return [
      {
        transport: this.protocol.name,
        store: endpoint.shown,
        ...this.state.snapshot(),
        waiting: isDurable ? 0 : lines,
        spooled: isDurable ? lines : 0,
        spooledBytes: isDurable ? bytes : 0,
        unreadableFiles,
      },
    ]
  }

  dropped(): Readonly<Record<string, number>> {
    return this.drops.byLevel
  }

  reportWith(makeLine: LineMaker): void {
    this.drops.makeLine = makeLine
  }

  private add(line: string, level: number): void {
    const { drops, timestamps } = this
    timestamps.stamp(line)
    this.queue.add({ line, level, drops, ms: timestamps.ms, ns: timestamps.ns })
    this.shipper.added()
  }

  private async end(timeoutMs: number): Promise<void> {
    if (this.state.isTaking) this.reportLosses()
    await this.settled(false, timeoutMs)
    await doneWithin(STOP_MS, Promise.all([this.shipper.stop(), this.client.close(), this.encoder.close()]))
    const lost = this.queue.close()
    this.isOver = true
    this.wake()
    if (lost > 0) this.tell(`${lost} lines could not be sent before close() gave up, and are lost`)
  }

  private queueFor({ spool, batch, queue, endpoint }: CheckedTransport): TransportQueue {
    if (spool === undefined) return new MemoryQueue(batch, queue)
    const { name } = this.protocol
    const identity = [name, endpoint.origin, endpoint.path, endpoint.account].join('\n')
    const onAdopted = () => this.shipper.hurry()
    return new Spool({ name, identity, drops: this.drops, options: spool, batch, onAdopted })
  }

  /** @returns whether the lines so far were settled, or safe where that is enough, in time. */
  private async settled(isDiskEnough: boolean, timeoutMs: number): Promise<boolean> {
    const { end } = this.queue
    await this.queue.save()
    this.shipper.hurry()
    let waiter: Waiter | undefined
    const all = new Promise<void>((resolve) => {
      waiter = { end, isDiskEnough, resolve }
      this.waiters.push(waiter)
      this.wake()
    })
    const isDone = await doneWithin(timeoutMs, all)
    this.waiters = this.waiters.filter((other) => other !== waiter)
    return isDone
  }

  private wake(): void {
    const { oldest, isDurable } = this.queue
    const isSettled = ({ end, isDiskEnough }: Waiter) =>
      this.isOver || oldest >= end || (isDiskEnough && isDurable && this.isAway)
    const { waiters } = this
    this.waiters = waiters.filter((waiter) => !isSettled(waiter))
    for (const waiter of waiters) if (isSettled(waiter)) waiter.resolve()
  }

  private attempted(reached: boolean): void {
    this.isAway = !reached
    if (!reached) this.wake()
  }

  /** Only now can the log say what it lacks: a report to a store that takes nothing would be one more line that is lost. */
  private onStored(): void {
    if (this.closing === undefined && performance.now() >= this.nextReport) this.reportLosses()
  }

  /** The loss of a report is counted, and in the next one, but is no reason for a report. */
  private onRefused({ lines }: Entries): void {
    if (this.reports.size > 0) this.lostReports += lines.filter((line) => this.reports.has(line)).length
  }

  private reportLosses(): void {
    const total = Object.values(this.drops.byLevel).reduce((sum, count) => sum + count, 0)
    if (total - this.reported <= this.lostReports) return
    const report = this.drops.report()
    if (report === undefined) return
    this.reported = total
    this.lostReports = 0
    this.nextReport = performance.now() + REPORT_MS
    this.reports.add(report)
    // Those before it were stored or lost a minute ago.
    for (const old of this.reports) if (this.reports.size > MOST_REPORTS) this.reports.delete(old)
    this.add(report, LEVELS.warn)
  }

  /** Sends everything before it returns, what is under way too: nobody will see how that ends. */
  private push(timeoutMs: number): void {
    const { queue } = this
    const loaded: { readonly batch: Batch; readonly entries: Entries }[] = []
    let units = 0
    for (const batch of queue.unsettled()) {
      // A spool may hold more than memory and the time allow.
      if (queue.isDurable && units > this.options.queue.bytes) break
      const entries = batch.loadSync()
      units += entries.lines.reduce((sum, line) => sum + line.length, 0)
      if (entries.lines.length > 0) loaded.push({ batch, entries })
      else batch.settle()
    }
    if (loaded.length === 0) return
    const bodies = loaded.map(({ entries }) => this.encoder.encodeSync(entries))
    const { endpoint, tls, gzip, maxRequests } = this.options
    const { name, contentType } = this.protocol
    const answers = lastPush(bodies, { name, endpoint, contentType, tls, gzip, timeoutMs, maxRequests })
    let left = 0
    for (const [i, { batch, entries }] of loaded.entries()) {
      const answer = answers[i]
      const verdict = answer && (this.protocol.judge?.(answer) ?? verdictOf(answer))
      // Whether smaller requests were taken is for the next process to see, when there is one.
      const isExpired = answer?.status === 401 && endpoint.token !== undefined
      const isOpen = verdict?.kind === 'too large' || verdict?.kind === 'mixed' || isExpired
      if (verdict === undefined || verdict.kind === 'retry' || (isOpen && queue.isDurable)) {
        left += entries.lines.length
      } else {
        this.delivery.settle(entries, verdict)
        this.settle(batch)
      }
    }
    if (left > 0) this.tell(`${left} lines could not be sent in time${queue.isDurable ? '; the spool has them' : ''}`)
  }

  private settle(batch: Batch): void {
    batch.settle()
    this.wake()
  }

  private tell(what: string): void {
    warnOnce(`${this.protocol.name}: ${this.options.endpoint.shown}: ${what}`)
  }
}
