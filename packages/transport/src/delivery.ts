import { setTimeout as wait } from 'node:timers/promises'
import { type DropCounter, warnOnce } from 'throughline/destination'
import { backoffMs, type RetryOptions } from './backoff.js'
import type { Body, Client } from './client.js'
import type { DeadLetters } from './dead-letters.js'
import type { Encoder } from './encoder.js'
import { type Entries, sliceEntries } from './entry.js'
import type { Health } from './health.js'
import type { Protocol } from './protocol.js'
import type { Secrets } from './secrets.js'
import { type Verdict, verdictOf } from './verdict.js'

/** How many refusals for the rate a request gets before it is made smaller: it may be larger than the server's burst. */
const RATE_ATTEMPTS = 2
/** How many more requests the search for a batch's refused lines may cost. */
const SEARCH_REQUESTS = 64
/**
 * After so many requests in a row that were too large, whatever their size, the store refuses everything: 64 lines of the
 * usual maximum of 16 KiB are a whole batch.
 */
const MOST_TOO_LARGE = 64

/** One batch on its way. */
interface Task {
  readonly signal: AbortSignal
  readonly onSettled: (lines: number) => void
  /** Requests that the search for the lines that are refused may still cost. */
  left: number
  /** Requests in a row that were too large. */
  tooLarge: number
}

export interface DeliveryParts {
  readonly protocol: Protocol
  readonly encoder: Encoder
  readonly client: Client
  readonly deadLetters: DeadLetters
  readonly drops: DropCounter
  readonly health: Health
  readonly retry: Required<RetryOptions>
  /** For messages: the store's address, and what takes secrets out of its words. */
  readonly shown: string
  readonly secrets: Secrets
  /** Called after each attempt: whether the store could be spoken to. */
  readonly onAttempt: (reached: boolean) => void
  /** Called when the store has taken lines. */
  readonly onStored: () => void
  /** Called with what the store refused for good. */
  readonly onRefused: (entries: Entries) => void
}

/** Brings one batch to the store, however often that has to be tried. */
export class Delivery {
  constructor(private readonly parts: DeliveryParts) {}

  /**
   * @param onSettled Called with a number of lines whenever as many more, in order, are stored or refused for good.
   * @returns whether all of them are; else the signal ended it.
   */
  async deliver(entries: Entries, signal: AbortSignal, onSettled: (lines: number) => void): Promise<boolean> {
    // Loki refuses a request without lines.
    if (entries.lines.length === 0) return true
    return await this.send(entries, { signal, onSettled, left: SEARCH_REQUESTS, tooLarge: 0 })
  }

  /** What an answer means for these lines that are stored, or will never be. */
  settle(entries: Entries, verdict: Verdict): void {
    const { deadLetters, drops, health, onStored, onRefused } = this.parts
    const { length } = entries.lines
    if (verdict.kind === 'stored') {
      const rejected = Math.min(verdict.rejected, length)
      health.stored += length - rejected
      health.isTaking = rejected < length
      if (rejected > 0) this.countRejected(entries, rejected, verdict.words)
      if (health.isTaking) onStored()
    } else if (verdict.kind !== 'retry') {
      deadLetters.add(entries, verdict.words)
      for (const level of entries.levels) drops.count(level)
      health.refused += length
      health.failed(verdict.words)
      onRefused(entries)
    }
  }

  private async send(entries: Entries, task: Task): Promise<boolean> {
    const { signal } = task
    const body = await this.encode(entries)
    if (body === undefined) {
      task.onSettled(entries.lines.length)
      return true
    }
    for (let attempts = 1, rates = 0; !signal.aborted; attempts++) {
      const verdict = await this.attempt(body, signal)
      if (verdict === undefined) return false
      const { kind } = verdict
      if (kind === 'retry') rates = verdict.isRate ? rates + 1 : 0
      if (kind === 'too large') task.tooLarge++
      else if (kind === 'stored') task.tooLarge = 0
      const isSmallerBetter =
        (kind === 'too large' && task.tooLarge < MOST_TOO_LARGE) ||
        rates >= RATE_ATTEMPTS ||
        (kind === 'mixed' && task.left > 0)
      if (entries.lines.length > 1 && isSmallerBetter) {
        if (kind === 'mixed') task.left -= 2
        else if (kind === 'retry') await this.pause(attempts, verdict.afterMs, signal)
        return await this.halve(entries, task)
      }
      if (kind !== 'retry') {
        this.settle(entries, verdict)
        task.onSettled(entries.lines.length)
        return true
      }
      await this.pause(attempts, verdict.afterMs, signal)
    }
    return false
  }

  /** @returns `undefined` when the protocol has no way to say these lines, which are on record then. */
  private async encode(entries: Entries): Promise<Body | undefined> {
    try {
      return await this.parts.encoder.encode(entries)
    } catch (error) {
      this.settle(entries, { kind: 'refused', words: `not sent, since encoding threw ${(error as Error).name}` })
      return undefined
    }
  }

  /** In order, and nothing after what the signal ended: what is settled is always the beginning of the batch. */
  private async halve(entries: Entries, task: Task): Promise<boolean> {
    const { length } = entries.lines
    const middle = length >> 1
    if (!(await this.send(sliceEntries(entries, 0, middle), task))) return false
    return await this.send(sliceEntries(entries, middle, length), task)
  }

  /** @returns `undefined` when the signal ended it. */
  private async attempt(body: Body, signal: AbortSignal): Promise<Verdict | undefined> {
    const { client, protocol, onAttempt } = this.parts
    let verdict: Verdict
    try {
      const answer = await client.post(body, signal)
      verdict = protocol.judge?.(answer) ?? verdictOf(answer)
    } catch (error) {
      if (signal.aborted) return undefined
      const { code, name } = error as NodeJS.ErrnoException
      verdict = { kind: 'retry', reason: typeof code === 'string' ? code : name, afterMs: undefined, isRate: false }
    }
    onAttempt(verdict.kind !== 'retry')
    if (verdict.kind === 'retry') this.tell(verdict.reason)
    return verdict
  }

  private async pause(attempts: number, afterMs: number | undefined, signal: AbortSignal): Promise<void> {
    const ms = backoffMs(attempts, this.parts.retry, afterMs)
    try {
      // Not what keeps the process alive: what is not sent when it ends is pushed, or spooled.
      await wait(ms, undefined, { signal, ref: false })
    } catch {
      // Aborted: the loop sees it.
    }
  }

  private tell(reason: string): void {
    const { protocol, shown, health } = this.parts
    health.failed(reason)
    warnOnce(`${protocol.name}: ${shown} takes no lines now (${reason}); they wait, and are tried again`)
  }

  /** The server says how many, not which: the lowest levels are the likeliest to be counted wrongly with the least harm. */
  private countRejected({ levels }: Entries, rejected: number, words: string): void {
    const { protocol, shown, secrets, drops, health } = this.parts
    const said = secrets.wordsOf(words).slice(0, 300)
    health.refused += rejected
    health.failed(said)
    health.isTaking = rejected < levels.length
    warnOnce(`${protocol.name}: ${shown} rejected lines of a batch: ${said}`)
    for (const level of levels.slice().sort().subarray(0, rejected)) drops.count(level)
  }
}
