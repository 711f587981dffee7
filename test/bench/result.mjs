/** What becomes of a case's samples: the entry of `benchmarks.json`. */
import { paired, spread } from './statistics.mjs'
import { verdicts, withoutBaseline } from './verdict.mjs'

/** @param line The line of Node, with `version` what exactly it was. */
export function resultOf(oneCase, samples, { line, version }) {
  const { id, family, name, unit = 'ns', baseline } = oneCase
  const [first] = Object.keys(samples).filter((contender) => contender !== baseline)
  const net = withoutBaseline(oneCase, samples)
  const figures = Object.entries(net).map(([contender, values]) => ({
    contender,
    ...rounded(spread(values)),
    // How many times ours; of what logging adds, where the case has a baseline.
    ...(contender === first || contender === baseline
      ? {}
      : { times: rounded(paired(net[first], values, (ours, theirs) => theirs / ours)).median }),
  }))
  const bars = verdicts(oneCase, samples, line).map(({ median, low, high, ...bar }) => ({
    ...bar,
    value: significant(median),
    low: significant(low),
    high: significant(high),
  }))
  const date = new Date().toISOString().slice(0, 10)
  return { id, line, family, name, unit, node: version, date, ...(baseline && { baseline }), figures, bars }
}

function rounded({ median, low, high }) {
  return { median: significant(median), low: significant(low), high: significant(high) }
}

/** Three digits: more would say more than was measured. */
function significant(value) {
  return Number(value.toPrecision(3))
}
