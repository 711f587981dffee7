import type { Destination } from 'throughline'
import { checks } from './checks.js'

/** A destination to be tested, and a way to see what it has written. */
export interface DestinationUnderTest {
  readonly destination: Destination
  /** The lines that arrived where the destination writes to, without their newlines, in the order they came in. */
  lines(): readonly string[] | Promise<readonly string[]>
  /** Lets go of what the test needed: a server, a folder. Called after each check. */
  cleanUp?(): void | Promise<void>
}

export interface TestDestinationOptions {
  /** `false` for a destination that cannot write before `flushSync` returns, since it is on the network. */
  readonly flushesSync?: boolean
  /** `false` where lines may come in another order than they were written in. */
  readonly keepsOrder?: boolean
}

/**
 * Tests whether a destination keeps the contract of `Destination`: whole lines, once, in order, nothing thrown, flushed when
 * it says so, and counted what comes after `close`.
 *
 * @param create Called for each check: a new destination that nobody else writes to.
 * @throws with every rule that was broken, and how it showed.
 * @example
 * ```ts
 * await testDestination(() => {
 *   const kept = memory()
 *   return { destination: kept, lines: () => kept.lines }
 * })
 * ```
 */
export async function testDestination(
  create: () => DestinationUnderTest | Promise<DestinationUnderTest>,
  options: TestDestinationOptions = {},
): Promise<void> {
  const broken: string[] = []
  for (const { rule, check } of checks(options)) {
    const under = await create()
    try {
      await check(under)
    } catch (error) {
      broken.push(`- ${rule}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      await under.cleanUp?.()
    }
  }
  if (broken.length > 0) throw new Error(`the destination breaks its contract:\n${broken.join('\n')}`)
}
