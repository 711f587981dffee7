/** Enough to find most mistakes, and quick enough for every pull request. */
const QUICK = 500

/**
 * How many inputs a property is checked with: all of them where `FULL_PROPERTIES` is `1`, as in the project `properties`
 * of `pnpm test:slow`, and 500 at most elsewhere.
 */
export function runs(full: number): number {
  return process.env.FULL_PROPERTIES === '1' ? full : Math.min(full, QUICK)
}
