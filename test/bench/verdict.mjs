/**
 * Bars. Each is of one contender (the case's first when `of` is not given) against another:
 *
 * - `atLeast`: how many times the speed of the other;
 * - `atMost`: how many times the time of the other;
 * - `atMostMore`: how much more than the other, in the case's unit;
 * - `atMostAll`: how much at all.
 *
 * A bar is a number, or a number for each line of Node that it is held on; a number alone is held on 24 and 26.
 */
import { paired, spread } from './statistics.mjs'

const HELD_ON = [24, 26]

/** How the bars of a case stand on a line of Node. What is no bar there is measured and judged by nothing. */
export function verdicts(oneCase, samples, line) {
  const [first] = Object.keys(oneCase.contenders)
  return (oneCase.bars ?? [])
    .map((bar) => ({ of: first, ...bar }))
    .filter(({ of, against = of }) => samples[of] !== undefined && samples[against] !== undefined)
    .map((bar) => {
      const value = figure(bar, withoutBaseline(oneCase, samples))
      const wanted = wantedOn(bar[kindOf(bar)], line)
      const { of, against } = bar
      return { of, against, kind: kindOf(bar), ...value, wanted, isMet: isMet(kindOf(bar), value.median, wanted) }
    })
}

export function kindOf(bar) {
  return ['atLeast', 'atMost', 'atMostMore', 'atMostAll'].find((kind) => bar[kind] !== undefined)
}

function wantedOn(bar, line) {
  return typeof bar === 'object' ? bar[line] : HELD_ON.includes(line) ? bar : undefined
}

function isMet(kind, value, wanted) {
  if (wanted === undefined) return undefined
  return kind === 'atLeast' ? value >= wanted : value <= wanted
}

function figure(bar, samples) {
  const { of, against } = bar
  switch (kindOf(bar)) {
    case 'atLeast':
      return paired(samples[of], samples[against], (ours, theirs) => theirs / ours)
    case 'atMost':
      return paired(samples[of], samples[against], (ours, theirs) => ours / theirs)
    case 'atMostMore':
      return paired(samples[of], samples[against], (ours, theirs) => ours - theirs)
    default:
      return spread(samples[of])
  }
}

/** Samples less those of the contender that does all but log, where the case has one: what logging adds. */
export function withoutBaseline({ baseline }, samples) {
  if (baseline === undefined) return samples
  return Object.fromEntries(
    Object.entries(samples).map(([name, values]) => [
      name,
      name === baseline ? values : values.map((value, round) => value - samples[baseline][round]),
    ]),
  )
}
