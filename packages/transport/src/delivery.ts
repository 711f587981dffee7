import { setTimeout as wait } from 'node:timers/promises'
import { type DropCounter, warnOnce } from 'throughline/destination'
import { backoffMs, type RetryOptions } from './backoff.js'
import type { Body, Client } from './client.js'
import type { DeadLetters } from './dead-letters.js'
import type { Encoder } from './encoder.js'
import { type Entries, sliceEntries } from './entry.js'
import type { Protocol } from './protocol.js'
import type { Secrets } from './secrets.js'
import { type Verdict, verdictOf } from './verdict.js'

/** How many refusals for the rate a request gets before it is made smaller: it may be larger than the server's burst. */
const RATE_ATTEMPTS = 2
/** How many more requests the search for a batch's refused lines may cost. */
const SEARCH_REQUESTS = 64

export interface DeliveryParts {
  readonly protocol: Protocol
  readonly encoder: Encoder
  readonly client: Client
  readonly deadLetters: DeadLetters
  readonly drops: DropCounter
  readonly retry: Required<RetryOptions>
  /** For messages: the store's address, and what takes secrets out of its words. */
  readonly shown: string
  readonly secrets: Secrets
  /** Called after each attempt: whether the store could be spoken to. */
  readonly onAttempt: (reached: boolean) => void
}

/** Brings one batch to the store, however often that has to be tried. */
export class Delivery {
  constructor(private readonly parts: DeliveryParts) {}

  /** @returns whether every line is stored, or refused for good; else the signal ended it. */
  async deliver(entries: Entries, signal: AbortSignal): Promise<boolean> {
    // Loki refuses a request without lines.
    if (entries.lines.length === 0) return true
    return await this.send(entries, signal, { left: SEARCH_REQUESTS })
  }

  /** What an answer means for these lines that are stored, or will never be. */
  settle(entries: Entries, verdict: Verdict): void {
    if (verdict.kind === 'stored') {
      if (verdict.rejected > 0) this.countRejected(entries, verdict.rejected, verdict.words)
    } else if (verdict.kind !== 'retry') {
      this.parts.deadLetters.add(entries, verdict.words)
      for (const level of entries.levels) this.parts.drops.count(level)
    }
  }

  private async send(entries: Entries, signal: AbortSignal, search: { left: number }): Promise<boolean> {
    const body = await this.encode(entries)
    if (body === undefined) return true
    for (let attempts = 1, rates = 0; !signal.aborted; attempts++) {
      const verdict = await this.attempt(body, signal)
      if (verdict === undefined) return false
      const { kind } = verdict
      if (kind === 'retry') rates = verdict.isRate ? rates + 1 : 0
      const isDivisible = entries.lines.length > 1
      const isSmallerBetter = kind === 'too large' || rates >= RATE_ATTEMPTS || (kind === 'mixed' && search.left > 0)
      if (isDivisible && isSmallerBetter) {
        if (kind === 'mixed') search.left -= 2
        else if (kind === 'retry') await this.pause(attempts, verdict.afterMs, signal)
        return await this.halve(entries, signal, search)
      }
      if (kind !== 'retry') {
        this.settle(entries, verdict)
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

  private async halve(entries: Entries, signal: AbortSignal, search: { left: number }): Promise<boolean> {
    const { length } = entries.lines
    const middle = length >> 1
    const first = await this.send(sliceEntries(entries, 0, middle), signal, search)
    const second = await this.send(sliceEntries(entries, middle, length), signal, search)
    return first && second
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
    const { protocol, shown } = this.parts
    warnOnce(`${protocol.name}: ${shown} takes no lines now (${reason}); they wait, and are tried again`)
  }

  /** The server says how many, not which: the lowest levels are the likeliest to be counted wrongly with the least harm. */
  private countRejected({ levels }: Entries, rejected: number, words: string): void {
    const { protocol, shown, secrets, drops } = this.parts
    warnOnce(`${protocol.name}: ${shown} rejected lines of a batch: ${secrets.wordsOf(words).slice(0, 300)}`)
    for (const level of levels.slice().sort().subarray(0, rejected)) drops.count(level)
  }
}
