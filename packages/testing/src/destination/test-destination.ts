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
  const { timeoutMs = 30_000 } = options
  const broken: string[] = []
  const holds = async (rule: string, work: () => unknown) => {
    try {
      await within(timeoutMs, work)
    } catch (error) {
      broken.push(`- ${rule}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const { rule, check } of checks(options)) {
    const under = await create()
    await holds(rule, () => check(under))
    await holds(`cleanUp() after "${rule}"`, () => under.cleanUp?.())
  }
  if (broken.length > 0) throw new Error(`the destination breaks its contract:\n${broken.join('\n')}`)
}

/** A promise that never settles is told with the rule that it breaks, where a runner would only say that time is up. */
async function within(ms: number, work: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms)
  })
  try {
    await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
