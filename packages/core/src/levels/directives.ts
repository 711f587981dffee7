import { ACCEPTED_LEVELS, type LevelThreshold, levelNumber, parseLevel } from './level.js'

/**
 * The grammar of `LOG_LEVEL`, in the manner of `EnvFilter` of Rust's `tracing`:
 *
 * ```text
 * directives = directive *( "," directive )
 * directive  = level                          the default for every module
 *            | module "=" level               a module and what lies beneath it
 *            | [ module ] "[" fields "]=" level   lines whose context has these fields
 * module     = name *( "." name ) [ ".*" ]    `db` covers `db.pool` too; `db.*` only what lies beneath; `*` all
 * fields     = field *( " " field )           every one of them must match
 * field      = name [ "=" value ]             without a value: the field is there
 * level      = trace | debug | info | warn | error | fatal | silent      in any case
 * ```
 *
 * The most specific directive decides: the longer module name, then one with fields over one without, then the later.
 */
export interface Directive {
  /** Module name without the trailing `.*`; empty for every module. */
  readonly module: string
  /** True when only modules beneath `module` are meant. */
  readonly beneath: boolean
  /** The fields a context must have; empty when the directive asks for none. */
  readonly fields: readonly FieldCondition[]
  readonly level: LevelThreshold
  /** The level as a number, so that the gate needs no look-up. */
  readonly number: number
}

export interface FieldCondition {
  readonly name: string
  /** Compared with the field's value as text; `undefined` asks only that the field is there. */
  readonly value: string | undefined
}

export interface ParsedDirectives {
  /** Those that are valid, in the order they stood. */
  readonly directives: readonly Directive[]
  /** One sentence for each that is not, naming its position. */
  readonly problems: readonly string[]
}

const MODULE = /^[\w$@/:-]+(?:\.[\w$@/:-]+)*(?:\.\*)?$/
const FIELD_NAME = /^[\w$.@-]+$/

/** Parses directives; the valid ones are returned even when others are not. Never throws. */
export function parseDirectives(text: string): ParsedDirectives {
  const directives: Directive[] = []
  const problems: string[] = []
  for (const { part, position } of split(text)) {
    const outcome = parseOne(part)
    if (typeof outcome === 'string') problems.push(`position ${position + 1}: "${printable(part)}" ${outcome}`)
    else directives.push(outcome)
  }
  return { directives, problems }
}

/** Brackets that are closed, with what stands in them: commas there separate no directives. */
const BRACKETED = /\[(?:[^\]"]|"[^"]*")*\]/y

/** Splits at commas outside brackets, keeping each part's position. A bracket that is never closed hides no comma. */
function split(text: string): { part: string; position: number }[] {
  const parts: { part: string; position: number }[] = []
  let start = 0
  const add = (end: number) => {
    const raw = text.slice(start, end)
    const part = raw.trim()
    if (part !== '') parts.push({ part, position: start + raw.length - raw.trimStart().length })
  }
  // A bracket that nothing closes is looked for to the end of the text. Whether one is depends only on whether the quotes
  // before it are even in number, so that each kind is looked for in vain once.
  let isOdd = false
  const isHopeless = { even: false, odd: false }
  for (let i = 0; i < text.length; i++) {
    const quotes = isOdd ? 'odd' : 'even'
    BRACKETED.lastIndex = i
    if (text[i] === '"') isOdd = !isOdd
    else if (text[i] === '[' && !isHopeless[quotes]) {
      if (BRACKETED.test(text)) i = BRACKETED.lastIndex - 1
      else isHopeless[quotes] = true
    } else if (text[i] === ',') {
      add(i)
      start = i + 1
    }
  }
  add(text.length)
  return parts
}

function parseOne(part: string): Directive | string {
  const close = part.lastIndexOf(']')
  const open = part.indexOf('[')
  if (open === -1 && close === -1) return parsePlain(part)
  if (open === -1 || close < open) return 'has an unmatched bracket'
  const fields = parseFields(part.slice(open + 1, close))
  if (typeof fields === 'string') return fields
  const rest = part.slice(close + 1).trim()
  if (!rest.startsWith('=')) return `needs "=level" after the bracket, with one of: ${ACCEPTED_LEVELS}`
  return build(part.slice(0, open).trim(), fields, rest.slice(1))
}

function parsePlain(part: string): Directive | string {
  const equals = part.lastIndexOf('=')
  if (equals === 0) return 'has no module name before "="; accepted: a level alone for every module, or module=level'
  return equals === -1 ? build('', [], part) : build(part.slice(0, equals).trim(), [], part.slice(equals + 1))
}

function build(module: string, fields: readonly FieldCondition[], levelText: string): Directive | string {
  const level = parseLevel(levelText)
  if (level === undefined) return `has no level; accepted: ${ACCEPTED_LEVELS}`
  const number = levelNumber(level)
  if (module === '' || module === '*') return { module: '', beneath: false, fields, level, number }
  if (!MODULE.test(module)) return 'has no valid module name; accepted: letters, digits, _ $ @ / : - and dots, then .*'
  const beneath = module.endsWith('.*')
  return { module: beneath ? module.slice(0, -2) : module, beneath, fields, level, number }
}

function parseFields(text: string): FieldCondition[] | string {
  const fields: FieldCondition[] = []
  const pattern = /\s*([^\s="[\]]+)(?:=("[^"]*"|[^\s"[\]]+))?(?!\S)/y
  const source = text.replace(/^\s*\{|\}\s*$/g, '').trimEnd()
  let at = 0
  while (at < source.length) {
    pattern.lastIndex = at
    const match = pattern.exec(source)
    const name = match?.[1]
    if (match === null || name === undefined || !FIELD_NAME.test(name)) return 'has no valid field in its brackets'
    fields.push({ name, value: match[2]?.replace(/^"|"$/g, '') })
    at = pattern.lastIndex
  }
  return fields.length === 0 ? 'has nothing in its brackets; write [field] or [field=value]' : fields
}

/** What stood there, short and without control characters, for a warning on a terminal. */
function printable(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return short.replace(/[^\x20-\x7e…]/g, '?')
}

/** Whether a directive speaks of this module (`''` is the logger without a name). */
export function covers(directive: Directive, module: string): boolean {
  const wanted = directive.module
  if (wanted === '') return true
  if (module === wanted) return !directive.beneath
  return module.length > wanted.length && module.startsWith(wanted) && module[wanted.length] === '.'
}

/** Whether a context's fields satisfy every condition of a directive. */
export function matches(directive: Directive, fields: Readonly<Record<string, unknown>>): boolean {
  return directive.fields.every(({ name, value }) => {
    const found = fields[name]
    if (found === undefined || found === null) return false
    return value === undefined || (typeof found !== 'object' && typeof found !== 'symbol' && String(found) === value)
  })
}

/** Of two directives that cover the same module, the one that decides: positive when `a` is the more specific. */
export function compareSpecificity(a: Directive, b: Directive): number {
  return a.module.length - b.module.length || Number(a.beneath) - Number(b.beneath) || a.fields.length - b.fields.length
}
