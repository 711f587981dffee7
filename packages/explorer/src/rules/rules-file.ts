import { readFile } from 'node:fs/promises'
import { told, UserError } from '@throughline/cli/reader'
import { parse, YAMLParseError } from 'yaml'

/** An alert of a rules file of Loki's ruler. */
export interface AlertRule {
  readonly group: string
  readonly name: string
  readonly expression: string
  /** Nanoseconds between evaluations. */
  readonly interval: bigint
  /** Nanoseconds that the expression must have held. */
  readonly holdFor: bigint
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** `evaluation_interval` of Loki's ruler by default. */
const USUAL_INTERVAL = '1m'

/**
 * Reads the alerts of a rules file. Rules that record are left out, since no alert of Loki's can refer to them.
 *
 * @throws UserError naming the place of what is no rule.
 */
export async function readRules(path: string): Promise<readonly AlertRule[]> {
  let content: unknown
  try {
    content = parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof YAMLParseError) throw new UserError(`${path}: ${error.message}`, { cause: error })
    throw told(path, error)
  }
  return listOf(content, 'groups', path).flatMap((group, i) => {
    const place = `${path}: groups[${i}]`
    const name = textOf(group, 'name', place)
    const interval = durationOf(group, 'interval', place, USUAL_INTERVAL)
    if (interval <= 0n) throw new UserError(`${place}.interval must be above 0`)
    return listOf(group, 'rules', place).flatMap((rule, k) => {
      const at = `${place}.rules[${k}]`
      if (fieldOf(rule, 'record') !== undefined) return []
      return {
        group: name,
        name: textOf(rule, 'alert', at),
        expression: textOf(rule, 'expr', at),
        interval,
        holdFor: durationOf(rule, 'for', at, '0s'),
        labels: textsOf(rule, 'labels', at),
        annotations: textsOf(rule, 'annotations', at),
      }
    })
  })
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

function listOf(value: unknown, name: string, place: string): readonly unknown[] {
  const list = fieldOf(value, name)
  if (!Array.isArray(list))
    throw new UserError(`${place}: "${name}" must be a list, as in a rules file of Loki's ruler`)
  return list
}

function textOf(value: unknown, name: string, place: string): string {
  const text = fieldOf(value, name)
  if (typeof text !== 'string' || text.trim() === '') throw new UserError(`${place}: "${name}" must be text`)
  return text
}

function textsOf(value: unknown, name: string, place: string): Readonly<Record<string, string>> {
  const texts = fieldOf(value, name) ?? {}
  if (typeof texts !== 'object' || Array.isArray(texts))
    throw new UserError(`${place}: "${name}" must be names and texts`)
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, String(text)]))
}

/** Prometheus' durations, which rules files have. */
const UNITS: Readonly<Record<string, bigint>> = {
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  y: 31_536_000_000_000_000n,
}

function durationOf(value: unknown, name: string, place: string, usual: string): bigint {
  const text = String(fieldOf(value, name) ?? usual)
  if (text === '0') return 0n
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text))
    throw new UserError(`${place}: "${name}" must be a duration such as 30s, 5m or 1h30m, not "${text}"`)
  const parts = [...text.matchAll(/(\d{1,18})(ms|[smhdwy])/g)]
  return parts.reduce((sum, [, count = '0', unit = 's']) => sum + BigInt(count) * (UNITS[unit] ?? 0n), 0n)
}
