/** A result as the terminal shows it. */

const WANTED = { atLeast: 'at least', atMost: 'at most', atMostMore: 'at most', atMostAll: 'at most' }

export function report({ name, line, unit, figures, bars }) {
  const times = figures.map(
    ({ contender, median, low, high, times: ratio }) =>
      `${contender} ${median} (${low} to ${high})${ratio === undefined ? '' : ` ${ratio} x`}`,
  )
  const verdicts = bars.map((bar) => `${mark(bar)} ${sentence(bar, unit)}`)
  return [`${name} [Node ${line}]`, ...verdicts, `     ${unit}: ${times.join(', ')}`].join('\n')
}

function mark({ isMet }) {
  if (isMet === undefined) return '    '
  return isMet ? 'ok  ' : 'MISS'
}

function sentence({ of, against, kind, value, low, high, wanted }, unit) {
  const figure = `${value} (${low} to ${high})`
  const bar = wanted === undefined ? 'no bar here' : `${WANTED[kind]} ${wanted}`
  if (kind === 'atLeast') return `${of}: ${figure} x the speed of ${against}, ${bar}`
  if (kind === 'atMost') return `${of}: ${figure} x the time of ${against}, ${bar}`
  if (kind === 'atMostMore') return `${of}: ${figure} ${unit} more than ${against}, ${bar}`
  return `${of}: ${figure} ${unit}, ${bar}`
}
