import { type Destination, LEVELS } from 'throughline'
import type { LineMaker } from 'throughline/destination'
import { DropCounter, isEnding, warnOnce } from 'throughline/destination'
import type { Batch } from './batch.js'
import { Client } from './client.js'
import { DeadLetters } from './dead-letters.js'
import { Delivery } from './delivery.js'
import { Encoder } from './encoder.js'
import type { Entries } from './entry.js'
import { lastPush } from './last-push.js'
import { MemoryQueue } from './memory-queue.js'
import type { CheckedTransport } from './options.js'
import type { Protocol } from './protocol.js'
import type { TransportQueue } from './queue.js'
import { Shipper } from './shipper.js'
import { Spool } from './spool/spool.js'
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
  const remote = new RemoteTransport(protocol, options)
  // Nothing but functions, so that no inspection of a destination, and no line that one is logged in, shows credentials.
  return {
    write: (line, level) => remote.write(line, level),
    flush: () => remote.flush(),
    flushSync: () => remote.flushSync(),
    close: () => remote.close(),
    dropped: () => remote.dropped(),
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
  private readonly timestamps = new Timestamps()
  private readonly queue: TransportQueue
  private readonly encoder: Encoder
  private readonly client: Client
  private readonly delivery: Delivery
  private readonly shipper: Shipper
  private waiters: Waiter[] = []
  /** Keeps the process alive while somebody waits. */
  private holder: NodeJS.Timeout | undefined
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
    const parts = { protocol, encoder, client, deadLetters, drops, retry, shown, secrets, onAttempt }
    this.delivery = new Delivery(parts)
    this.shipper = new Shipper(this.queue, this.delivery, {
      maxRequests: options.maxRequests,
      lingerMs: options.batch.ms,
      onProgress: () => this.wake(),
    })
    if (!this.queue.isEmpty) this.shipper.hurry()
  }

  write(line: string, level: number): void {
    const { drops, timestamps } = this
    if (this.closing !== undefined) {
      drops.count(level)
      return
    }
    timestamps.stamp(line)
    this.queue.add({ line, level, drops, ms: timestamps.ms, ns: timestamps.ns })
    this.shipper.added()
  }

  async flush(): Promise<void> {
    await this.settled(true)
  }

  flushSync(): void {
    // What is left in a spool may be another process's by now.
    if (this.isOver) return
    this.queue.saveSync()
    // What is on disk is safe. At the end the store may have it nevertheless: a pod's disk may not outlive the pod.
    const isSafe = this.queue.isDurable && (this.isAway || !isEnding())
    if (!isSafe) this.push()
  }

  async close(): Promise<void> {
    this.closing ??= this.end()
    await this.closing
  }

  dropped(): Readonly<Record<string, number>> {
    return this.drops.byLevel
  }

  reportWith(makeLine: LineMaker): void {
    this.drops.makeLine = makeLine
  }

  private async end(): Promise<void> {
    await this.settled(false, this.options.closeTimeoutMs)
    this.shipper.stop()
    await Promise.all([this.client.close(), this.encoder.close()])
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

  /** Resolves when the lines so far are settled, or safe where that is enough, or when the time is over. */
  private async settled(isDiskEnough: boolean, patienceMs?: number): Promise<void> {
    const { end } = this.queue
    await this.queue.save()
    this.shipper.hurry()
    await new Promise<void>((resolve) => {
      const timer = patienceMs === undefined ? undefined : setTimeout(resolve, patienceMs)
      const done = () => {
        clearTimeout(timer)
        resolve()
      }
      this.waiters.push({ end, isDiskEnough, resolve: done })
      this.holder ??= setInterval(() => {}, LONG_MS)
      this.wake()
    })
  }

  private wake(): void {
    const { oldest, isDurable } = this.queue
    const isSettled = ({ end, isDiskEnough }: Waiter) =>
      this.isOver || oldest >= end || (isDiskEnough && isDurable && this.isAway)
    const { waiters } = this
    this.waiters = waiters.filter((waiter) => !isSettled(waiter))
    for (const waiter of waiters) if (isSettled(waiter)) waiter.resolve()
    if (this.waiters.length > 0) return
    clearInterval(this.holder)
    this.holder = undefined
  }

  private attempted(reached: boolean): void {
    this.isAway = !reached
    if (!reached) this.wake()
    // It flows again: the log says what it lacks.
    const report = reached && this.closing === undefined ? this.drops.report() : undefined
    if (report !== undefined) this.write(report, LEVELS.warn)
  }

  /** Sends everything before it returns, what is under way too: nobody will see how that ends. */
  private push(): void {
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
    const { endpoint, tls, gzip, exitTimeoutMs: timeoutMs, maxRequests } = this.options
    const { name, contentType } = this.protocol
    const answers =
      timeoutMs === 0 ? [] : lastPush(bodies, { name, endpoint, contentType, tls, gzip, timeoutMs, maxRequests })
    let left = 0
    for (const [i, { batch, entries }] of loaded.entries()) {
      const answer = answers[i]
      const verdict = answer && (this.protocol.judge?.(answer) ?? verdictOf(answer))
      // Whether smaller requests were taken is for the next process to see, when there is one.
      const isOpen = verdict?.kind === 'too large' || verdict?.kind === 'mixed'
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
