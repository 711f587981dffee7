import type { Firing } from './evaluate.js'
import type { AlertRule } from './rules-file.js'

/** What `--rules` found. */
export interface RulesReport {
  readonly rules: readonly AlertRule[]
  readonly firings: readonly Firing[]
  /** Alerts that could not be evaluated. */
  readonly problems: readonly { readonly alert: string; readonly reason: string }[]
  readonly lines: number
  readonly unreadable: number
}

/** The report as text. */
export function reportText({ rules, firings, problems, lines, unreadable }: RulesReport): string {
  const inOrder = [...firings].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  const fired = new Set(firings.map(({ group, alert }) => JSON.stringify([group, alert])))
  const quiet = rules.length - rules.filter(({ group, name }) => fired.has(JSON.stringify([group, name]))).length
  return [
    ...inOrder.map(firingText),
    ...problems.map(({ alert, reason }) => `${alert}: cannot be evaluated: ${reason}\n`),
    `${rules.length} alerts over ${lines.toLocaleString('en-US')} lines (${unreadable.toLocaleString('en-US')} unreadable): `,
    `${fired.size === 0 ? 'none would have fired' : `${rules.length - quiet} would have fired`}\n`,
  ].join('')
}

/** The report as JSON, for other programs. */
export function reportJson({ rules, firings, problems, lines, unreadable }: RulesReport): string {
  const shown = firings.map(({ from, to, ...rest }) => ({ ...rest, from: isoTime(from), to: isoTime(to) }))
  return `${JSON.stringify({ rules: rules.length, lines, unreadable, firings: shown, problems })}\n`
}

function firingText({ alert, labels, from, to, value, annotations }: Firing): string {
  const names = Object.entries(labels).map(([name, text]) => `${name}="${text}"`)
  const about = annotations.summary ?? annotations.description
  const head = `${alert} {${names.join(', ')}} ${isoTime(from)} to ${isoTime(to)}, value ${Number(value.toPrecision(6))}`
  return `${head}\n${about === undefined ? '' : `  ${about.trim()}\n`}`
}

function isoTime(time: bigint): string {
  return new Date(Number(time / 1_000_000n)).toISOString()
}
