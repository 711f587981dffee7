/** The tables of the page of benchmarks. */

const KINDS = {
  atLeast: {
    wanted: (n) => `at least ${n} x`,
    said: (n) => `${n} x`,
    miss: (value, n) => `${n} x was wanted, it is ${value} x`,
  },
  atMost: {
    wanted: (n) => `at most ${n} x the time`,
    said: (n) => `${n} x the time`,
    miss: (value, n) => `at most ${n} x the time was wanted, it is ${value} x`,
  },
  atMostMore: {
    wanted: (n, unit) => `at most ${n} ${unit} more`,
    said: (n, unit) => `${n} ${unit} more`,
    miss: (value, n, unit) => `at most ${n} ${unit} more was wanted, it is ${value}`,
  },
  atMostAll: {
    wanted: (n, unit) => `at most ${n} ${unit}`,
    said: (n, unit) => `${n} ${unit}`,
    miss: (value, n, unit) => `at most ${n} ${unit} was wanted, it is ${value}`,
  },
}

/** Every bar, and how it stands on each line of Node that it is held on. */
export function barsTable(results) {
  const lines = linesOf(results.filter(({ bars }) => bars.some(({ wanted }) => wanted !== undefined)))
  const rows = new Map()
  for (const result of results) {
    for (const bar of result.bars.filter(({ wanted }) => wanted !== undefined)) {
      const key = `${result.id} ${bar.of} ${bar.against}`
      const row = rows.get(key) ?? { result, bar, wanted: new Map(), cells: new Map() }
      row.wanted.set(result.line, bar.wanted)
      row.cells.set(result.line, cellOf(bar, result.unit))
      rows.set(key, row)
    }
  }
  return table(
    ['case', 'bar', ...lines.map((line) => `Node ${line}`)],
    [...rows.values()].map(({ result, bar, wanted, cells }) => [
      titleOf(result, bar),
      barOf(bar, wanted, result.unit),
      ...lines.map((line) => cells.get(line) ?? ''),
    ]),
  )
}

function titleOf({ name, figures }, { of }) {
  return of === figures[0].contender ? name : `${name}: ${of}`
}

function barOf({ kind, against }, wanted, unit) {
  const values = [...new Set(wanted.values())]
  const said =
    values.length === 1
      ? KINDS[kind].wanted(values[0], unit)
      : [...wanted].map(([line, value]) => `${KINDS[kind].wanted(value, unit)} (Node ${line})`).join(', ')
  return against === undefined ? said : `${said} of ${against}`.replace(/ more of /, ' more than ')
}

function cellOf({ kind, value, low, high, isMet }, unit) {
  const said = `${KINDS[kind].said(value, unit)} (${low} to ${high})`
  return isMet ? said : `**missed**: ${said}`
}

/** The bars that are missed, by how much, and the functions that the contender spends its time in. */
export function missed(results) {
  const items = results.flatMap((result) =>
    result.bars
      .filter(({ isMet }) => isMet === false)
      .map((bar) => {
        const { kind, value, wanted } = bar
        const time = result.profile === undefined ? '' : ` Time: ${functionsOf(result)}.`
        return `- Node ${result.line}, ${titleOf(result, bar)}: ${KINDS[kind].miss(value, wanted, result.unit)}.${time}`
      }),
  )
  return items.length === 0 ? 'No bar is missed.' : items.join('\n')
}

function percent(share) {
  return `${(100 * share).toFixed(0)} %`
}

/** A case's contenders on each line of Node. */
export function caseTable(results) {
  const [{ name, unit, baseline }] = results
  const lines = linesOf(results)
  const contenders = results.at(-1).figures.map(({ contender }) => contender)
  const rows = contenders.map((contender) => [
    contender,
    ...lines.map((line) => {
      const figures = results.find((result) => result.line === line).figures
      return figureOf(figures.find((figure) => figure.contender === contender))
    }),
  ])
  const added = baseline === undefined ? '' : `, added to "${baseline}"`
  const figures = table([`${unit}${added}`, ...lines.map((line) => `Node ${line}`)], rows)
  return `### ${capital(name)}\n\n${figures}${timesOf(results)}`
}

/** Where the time goes, on the newest Node that it was looked at. */
function timesOf(results) {
  const profiled = results.findLast(
    ({ profile, bars }) => profile !== undefined && bars.every(({ isMet }) => isMet !== false),
  )
  if (profiled === undefined) return ''
  return `\n\nOurs spends its time (Node ${profiled.line}) in ${functionsOf(profiled)}.`
}

function functionsOf({ profile }) {
  return profile
    .slice(0, 6)
    .map(({ name, share }) => `${percent(share)} \`${name}\``)
    .join(', ')
}

function figureOf(figure) {
  if (figure === undefined) return ''
  const { median, low, high, times } = figure
  return `${median} (${low} to ${high})${times === undefined ? '' : `, ${times} x`}`
}

function linesOf(results) {
  return [...new Set(results.map(({ line }) => line))].sort((a, b) => a - b)
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
