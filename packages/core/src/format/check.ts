import type { Format } from '../encode/format.js'
import { LEVEL_NAMES } from '../levels/level.js'

const KNOWN = [
  ...['names', 'levels', 'levelFields', 'timestamp', 'constants', 'messageFirst', 'values', 'texts', 'objects'],
  ...['taken', 'aliases', 'errors', 'place', 'group', 'within'],
]

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
 * A format that somebody wrote, known to be usable: no two fields of one name, no property that is not one.
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
  const { names, levels = {}, timestamp = 'iso', errors = 'fields', within, place, group } = format
  checkTexts('names', names)
  if (!['iso', 'epoch_ms', 'epoch_s'].includes(timestamp))
    throw refused('timestamp', text(timestamp), 'iso, epoch_ms, epoch_s')
  if (!['fields', 'object'].includes(errors)) throw refused('errors', text(errors), 'fields, object')
  checkLevels('levels', levels)
  for (const [name, of] of Object.entries(format.levelFields ?? {})) {
    checkLevels(`levelFields.${name}`, of)
    const missing = LEVEL_NAMES.find((level) => of[level] === undefined)
    if (missing !== undefined)
      throw refused(`levelFields.${name}`, `no ${missing}`, `a value for each of ${LEVEL_NAMES.join(', ')}`)
  }
  if (format.constants !== undefined && !isObject(format.constants))
    throw refused('constants', text(format.constants), 'an object')
  checkValues('values', format.values)
  checkValues('group.values', group?.values)
  if (format.aliases !== undefined) checkTexts('aliases', format.aliases)
  for (const list of ['texts', 'objects', 'taken'] as const) checkList(list, format[list])
  if (place !== undefined) {
    if (!isName(place.name)) throw refused('place.name', text(place.name), 'a name')
    checkTexts('place.names', place.names)
  }
  if (group !== undefined) {
    if (!isName(group.name)) throw refused('group.name', text(group.name), 'a name')
    checkTexts('group.names', group.names)
    if (typeof group.when !== 'function') throw refused('group.when', text(group.when), 'a function')
  }
  if (within !== undefined) {
    if (!isName(within.name)) throw refused('within.name', text(within.name), 'a name')
    checkList('within.outside', within.outside)
    if (!within.outside.includes('timestamp'))
      throw refused('within.outside', 'no timestamp', 'a list with timestamp in it')
    if (within.outside.includes('message') !== within.outside.includes('level'))
      throw refused('within.outside', 'one of level and message', 'both, or neither')
  }
  checkNoTwo(format as Format)
  return format as Format
}

/** A line must not have a name twice, wherever a field of the name comes from. */
function checkNoTwo(format: Format): void {
  const outside = new Set(format.within?.outside)
  const seen = new Map<string, string>()
  const add = (ours: string, name: string) => {
    const place = `${format.within !== undefined && outside.has(ours) ? 'outside' : 'line'}:${name}`
    const other = seen.get(place)
    if (other !== undefined && other !== ours)
      throw refused('names', `"${name}" for both ${other} and ${ours}`, 'a name each')
    seen.set(place, ours)
  }
  for (const ours of STANDING) add(ours, format.names[ours] ?? ours)
  for (const [ours, name] of Object.entries(format.names)) add(ours, name)
  for (const name of [...Object.keys(format.constants ?? {}), ...Object.keys(format.levelFields ?? {})]) add(name, name)
  for (const own of [format.place, format.group]) if (own !== undefined) add(own.name, own.name)
}

function checkValues(option: string, values: unknown): void {
  for (const [name, convert] of Object.entries(values ?? {})) {
    if (typeof convert !== 'function') throw refused(`${option}.${name}`, text(convert), 'a function')
  }
}

function checkLevels(option: string, levels: unknown): void {
  if (!isObject(levels)) throw refused(option, text(levels), 'an object of levels')
  for (const [level, value] of Object.entries(levels)) {
    if (!(LEVEL_NAMES as readonly string[]).includes(level)) throw refused(option, `"${level}"`, LEVEL_NAMES.join(', '))
    if (typeof value !== 'string' && !Number.isFinite(value))
      throw refused(`${option}.${level}`, text(value), 'a text or a number')
  }
}

function checkTexts(option: string, table: unknown): void {
  if (!isObject(table)) throw refused(option, text(table), 'an object: { ours: "theirs" }')
  for (const [key, value] of Object.entries(table)) {
    if (!isName(value)) throw refused(`${option}.${key}`, value === '' ? 'an empty text' : text(value), 'a name')
  }
}

function checkList(option: string, list: unknown): void {
  if (list === undefined || (Array.isArray(list) && list.every(isName))) return
  throw refused(option, text(list), 'a list of names')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? `"${value}"`
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value
}

function refused(property: string, given: string, accepted: string): TypeError {
  return new TypeError(`createLogger({ format: { ${property} } }): got ${given}; accepted: ${accepted}`)
}
