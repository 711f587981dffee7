import type { Labels } from '../store/columns.js'
import type { AlertRule } from './rules-file.js'

/** A time during which an alert would have fired. */
export interface Firing {
  readonly alert: string
  readonly group: string
  readonly labels: Labels
  /** Nanoseconds since the epoch: when it would have begun, and the last evaluation at which it still held. */
  readonly from: bigint
  readonly to: bigint
  /** The expression's value when it began. */
  readonly value: number
  readonly annotations: Readonly<Record<string, string>>
}

/** A series of an expression's values; steps at which it does not hold are left out. */
export interface HeldSeries {
  readonly metric: Labels
  readonly values: readonly (readonly [seconds: number, value: string])[]
}

/** Answers an expression over a range of time. */
export type Evaluate = (
  expression: string,
  range: { readonly start: bigint; readonly end: bigint; readonly step: bigint },
) => Promise<readonly HeldSeries[]>

/** Points of a series that are asked for at once. */
const MOST_STEPS = 5000n

/**
 * When an alert would have fired, had Loki's ruler evaluated it over the lines as they came: at each interval, from the first
 * line to the interval after the last. It fires from when the expression has held for the rule's `for`.
 */
export async function firingsOf(
  rule: AlertRule,
  evaluate: Evaluate,
  range: { readonly from: bigint; readonly to: bigint },
): Promise<readonly Firing[]> {
  const { interval } = rule
  const first = ceil(range.from, interval)
  const last = ceil(range.to, interval)
  const held = new Map<string, { readonly metric: Labels; readonly points: Map<bigint, number> }>()
  for (let start = first; start <= last; start += interval * MOST_STEPS) {
    const end = least(last, start + interval * (MOST_STEPS - 1n))
    for (const { metric, values } of await evaluate(rule.expression, { start, end, step: interval })) {
      const key = JSON.stringify(Object.entries(metric).sort())
      const series = held.get(key) ?? { metric, points: new Map<bigint, number>() }
      held.set(key, series)
      for (const [seconds, value] of values)
        series.points.set(BigInt(Math.round(seconds * 1000)) * 1_000_000n, Number(value))
    }
  }
  return [...held.values()].flatMap(({ metric, points }) => firingsIn(rule, metric, points))
}

function firingsIn(rule: AlertRule, metric: Labels, points: ReadonlyMap<bigint, number>): readonly Firing[] {
  const { name, group, interval, holdFor, annotations } = rule
  const firings: Firing[] = []
  let began: bigint | undefined
  let previous: bigint | undefined
  let firing: { from: bigint; value: number } | undefined
  const end = () => {
    if (firing !== undefined && previous !== undefined) {
      const labels = { ...metric, ...rule.labels }
      const { from, value } = firing
      firings.push({
        alert: name,
        group,
        labels,
        from,
        to: previous,
        value,
        annotations: told(annotations, metric, value),
      })
    }
    firing = undefined
  }
  for (const time of [...points.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    if (previous === undefined || time - previous > interval) {
      end()
      began = time
    }
    previous = time
    if (firing === undefined && began !== undefined && time - began >= holdFor)
      firing = { from: time, value: points.get(time) ?? Number.NaN }
  }
  end()
  return firings
}

/** Annotations with what most of them name: `{{ $labels.app }}`, `{{ $value }}`. Other templates stay as they are. */
function told(annotations: AlertRule['annotations'], labels: Labels, value: number): Readonly<Record<string, string>> {
  const filled = (text: string) =>
    text
      .replace(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, (_, name: string) => labels[name] ?? '')
      .replace(/\{\{\s*\$value\s*\|\s*humanizePercentage\s*\}\}/g, `${Number((value * 100).toPrecision(4))}%`)
      .replace(/\{\{\s*\$value\s*(?:\|\s*humanize\s*)?\}\}/g, String(Number(value.toPrecision(4))))
  return Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, filled(text)]))
}

function ceil(time: bigint, step: bigint): bigint {
  const rest = ((time % step) + step) % step
  return rest === 0n ? time : time - rest + step
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
