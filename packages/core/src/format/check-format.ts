import { LEVEL_NAMES } from '../levels/level.js'
import type { Format } from './format.js'

const KNOWN = ['names', 'levels', 'timestamp', 'constants', 'values']
const TIMESTAMPS = ['iso', 'epoch_ms', 'epoch_s']

/** Fields that stand on lines whether a format renames them or not, so that no other may be given their name. */
const STANDING = [
  'timestamp',
  'level',
  'message',
  'service',
  'logger',
  'request_id',
  'trace_id',
  'span_id',
  'truncated',
]

/**
 * Checks a format of the user's own: its properties are known, and no two fields have one name.
 *
 * @throws TypeError naming the property and what would be accepted.
 */
export function checkFormat(option: unknown, named: readonly string[]): Format {
  if (!isObject(option)) {
    const given = typeof option === 'string' ? `"${option}"` : option === null ? 'null' : typeof option
    throw new TypeError(`createLogger({ format }): got ${given}; accepted: ${named.join(', ')}, or { names: { … } }`)
  }
  for (const key of Object.keys(option)) if (!KNOWN.includes(key)) throw refused(key, 'unknown', KNOWN.join(', '))
  const format = option as Partial<Format>
  const { names, levels = {}, timestamp = 'iso', constants = {}, values = {} } = format
  checkNames(names)
  if (!TIMESTAMPS.includes(timestamp)) throw refused('timestamp', described(timestamp), TIMESTAMPS.join(', '))
  checkLevels(levels)
  if (!isObject(constants)) throw refused('constants', described(constants), 'an object')
  if (!isObject(values)) throw refused('values', described(values), 'an object of functions')
  for (const [name, convert] of Object.entries(values)) {
    if (typeof convert !== 'function') throw refused(`values.${name}`, described(convert), 'a function')
  }
  checkNoTwo(format as Format)
  return format as Format
}

/** A line must not have a name twice, wherever a field of the name comes from. */
function checkNoTwo({ names, constants = {} }: Format): void {
  const seen = new Map<string, string>()
  const add = (ours: string, name: string) => {
    const other = seen.get(name)
    if (other !== undefined && other !== ours)
      throw refused('names', `"${name}" for both ${other} and ${ours}`, 'a name each')
    seen.set(name, ours)
  }
  for (const ours of STANDING) add(ours, names[ours] ?? ours)
  for (const [ours, name] of Object.entries(names)) add(ours, name)
  for (const name of Object.keys(constants)) add(name, name)
}

function checkLevels(levels: unknown): void {
  if (!isObject(levels)) throw refused('levels', described(levels), 'an object of levels')
  for (const [level, value] of Object.entries(levels)) {
    if (!(LEVEL_NAMES as readonly string[]).includes(level))
      throw refused('levels', `"${level}"`, LEVEL_NAMES.join(', '))
    if (typeof value !== 'string' && !Number.isFinite(value))
      throw refused(`levels.${level}`, described(value), 'a string or a number')
  }
}

function checkNames(names: unknown): void {
  if (!isObject(names)) throw refused('names', described(names), 'an object: { ours: "theirs" }')
  for (const [key, value] of Object.entries(names)) {
    if (typeof value !== 'string' || value === '') throw refused(`names.${key}`, described(value), 'a name')
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function described(value: unknown): string {
  if (value === '') return 'an empty string'
  if (typeof value === 'string') return `"${value}"`
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
}

function refused(property: string, given: string, accepted: string): TypeError {
  return new TypeError(`createLogger({ format: { ${property} } }): got ${given}; accepted: ${accepted}`)
}
