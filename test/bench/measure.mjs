/**
 * Medians of interleaved rounds: in every round each contender runs once, in turn, so that a machine whose speed drifts
 * drifts for all of them alike, and a ratio is that of neighbours in time.
 */

/**
 * @param {Record<string, (i: number) => void>} contenders What is measured, by name.
 * @param {{ calls: number, rounds: number, warmUp: number }} options
 * @returns {Record<string, { median: number, least: number, most: number, samples: number[] }>} Nanoseconds a call.
 */
export function measure(contenders, { calls, rounds, warmUp }) {
  const names = Object.keys(contenders)
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  let next = 0
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const run = contenders[name]
      const started = process.hrtime.bigint()
      for (let i = 0; i < calls; i++) run(next + i)
      const ns = Number(process.hrtime.bigint() - started) / calls
      next += calls
      if (round >= 0) samples[name].push(ns)
    }
  }
  return Object.fromEntries(names.map((name) => [name, { ...spread(samples[name]), samples: samples[name] }]))
}

export function spread(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  return { median: sorted[sorted.length >> 1], least: sorted[0], most: sorted.at(-1) }
}

/** How many times slower `other` is than `ours`, round by round, and of those the median. */
export function ratio(other, ours) {
  return spread(other.samples.map((ns, round) => ns / ours.samples[round])).median
}
