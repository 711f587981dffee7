import { checks } from './checks.js'
import type { DestinationUnderTest, TestDestinationOptions } from './under-test.js'

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
