/** Figures of many rounds. */

/** The median, and between which two values the middle half of the rounds lies. */
export function spread(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/** One figure from two contenders, round by round: they are neighbours in time, so a drifting machine drifts for both. */
export function paired(some, others, combine) {
  return spread(some.map((value, round) => combine(value, others[round])))
}
