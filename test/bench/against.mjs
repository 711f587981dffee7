/** Two commits beside each other: each case's first contender here, and the one of the same name in the other commit. */
import { build, checkOut, packagesOf } from './checkout.mjs'
import { contest } from './contest.mjs'
import { casesOf } from './families.mjs'
import { paired } from './statistics.mjs'
import { withoutBaseline } from './verdict.mjs'

/** How much slower than the other commit a case may be. */
const TOLERATED = 1.05

/**
 * Measures cases here and in another commit, round by round in one run, and prints for each how many times the other
 * commit's time (size, memory) it takes here.
 *
 * @param ref A branch, a tag or a commit.
 * @returns how many cases are more than 5 % slower, or failed.
 * @throws where there is nothing to compare.
 */
export async function against(ref, cases, node, settings) {
  const other = checkOut(ref)
  const theirs = await builtCases(other.root, [...new Set(cases.map(({ family }) => family))])
  const pairs = cases.filter(
    ({ id, contenders }) => theirs.get(id)?.contenders[Object.keys(contenders)[0]] !== undefined,
  )
  if (pairs.length === 0) throw new Error(`${ref} has none of these cases: ${cases.map(({ id }) => id).join(', ')}`)
  console.log(`Times the time of ${ref} (${other.commit.slice(0, 8)}); in brackets the middle half of the rounds\n`)
  let slower = 0
  for (const oneCase of pairs) {
    try {
      const { median, low, high } = await ratioOf(oneCase, other.root, node, settings)
      const isSlower = median > TOLERATED
      if (isSlower) slower++
      console.log(
        `${isSlower ? 'SLOW' : 'ok  '} ${oneCase.id}: ${median.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
      )
    } catch (error) {
      slower++
      console.log(`FAIL ${oneCase.id}: ${error.message}`)
    }
  }
  return slower
}

/** The cases of families by their ids. A family that names no package is left out: two commits cannot differ in it. */
async function builtCases(root, families) {
  const packages = new Map(families.map((family) => [family, packagesOf(family, root)]))
  const measured = families.filter((family) => packages.get(family).length > 0)
  if (measured.length > 0) build(root, [...new Set(measured.flatMap((family) => packages.get(family)))])
  const cases = await Promise.all(measured.map((family) => casesOf(family, root)))
  return new Map(cases.flat().map((one) => [one.id, one]))
}

async function ratioOf(oneCase, root, node, settings) {
  const { baseline, contenders } = oneCase
  const [name] = Object.keys(contenders)
  const entrants = [name, { label: 'before', name, root }, ...(baseline === undefined ? [] : [baseline])]
  const samples = withoutBaseline(oneCase, await contest(oneCase, node, entrants, settings))
  return paired(samples[name], samples.before, (now, before) => now / before)
}
