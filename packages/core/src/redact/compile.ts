import { type Censor, type CensorFunction, compileCensor, DEFAULT_CENSOR } from './censor.js'
import { DEFAULT_NAMES } from './default-names.js'
import { compileDetect, type Detect, type Replace } from './detect/detect.js'
import { DETECTOR_NAMES, type DetectorName } from './detect/detector.js'
import { compileNames, isReadable, isReadableObject, type NameRule, nameOf } from './names.js'
import { compilePaths } from './paths.js'
import type { Redactor } from './redactor.js'

/** What is secret, beside what is by default, and what stands in its place. */
export interface RedactOptions {
  /** More secret keys, whatever their case and separators, at any depth. `LOG_REDACT_KEYS` adds to them, with commas. */
  readonly keys?: readonly string[]
  /** Exact places: `user.email`, `items[*].iban`, `*.headers`. */
  readonly paths?: readonly string[]
  /** Detectors for secrets in text: `'all'`, or some by name. None by default: they read every text that is logged. */
  readonly detect?: 'all' | readonly DetectorName[]
  /** `***REDACTED***` by default. */
  readonly censor?: Censor
  /** The key of `censor: 'hash'`; `LOG_HASH_KEY` by default. At least 16 bytes. */
  readonly hashKey?: string
  /** `false` starts with no default keys; `true` by default. */
  readonly defaults?: boolean
}

export interface RedactContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told of each value that was kept out, with the rule that did. */
  readonly count: (rule: string) => void
}

const KNOWN = ['keys', 'paths', 'detect', 'censor', 'hashKey', 'defaults'] as const

/**
 * @returns what the encoder asks in its walk; `undefined` when there is nothing to redact.
 * @throws TypeError naming the option that cannot be used.
 */
export function compileRedaction(
  options: RedactOptions | false | undefined,
  context: RedactContext,
): Redactor | undefined {
  if (options === false) return undefined
  const { keys, paths, detect, censor, hashKey, defaults } = checked(options === undefined ? {} : options)
  const fromEnvironment = (context.env.LOG_REDACT_KEYS ?? '').split(',').map((key) => key.trim())
  const rule = compileNames(defaults ? DEFAULT_NAMES : [], [...keys, ...fromEnvironment.filter(Boolean)])
  const nameRule = remembered(rule)
  const replace = compileCensor(censor, hashKey ?? context.env.LOG_HASH_KEY)
  const inText = textReplacer(replace, context)
  const inAnyText = detect.length === 0 ? undefined : withText(compileDetect(detect, nameRule, inText), censor)
  const numbered = keyNumbers()
  return {
    keyRule: rule,
    nameRule,
    paths: compilePaths(paths),
    constant: constantOf(censor),
    detect: inAnyText,
    structured: withText(compileDetect([...detect, 'url', 'assignment'], nameRule, inText), censor),
    isStructured: (key) => STRUCTURED.test(key),
    isPath: (key) => PATH.test(key),
    shownKey: (key) => (inAnyText === undefined ? key : numbered(key, inAnyText(key))),
    censor(value, name, key) {
      // Nothing there is no secret, and says so.
      if (value === null || value === undefined) return value
      if (typeof value === 'object' ? isReadableObject(value, name, nameRule) : isReadable(value, name)) return value
      context.count(nameOf(name))
      return replace(value, key)
    },
  }
}

/** Keys whose text is a URL, a query or headers: there, names stand beside values, and the rule for keys holds. */
const STRUCTURED = /(?:ur[il]s?|href|referr?er|location|headers?|query|querystring|search)$/i

/** Keys whose text is such a one if it has a query: frameworks give a request's target as its `path`. */
const PATH = /path$/i

/** Two keys with one secret each would be the same key, which no line may have twice. */
function keyNumbers(): (key: string, shown: string) => string {
  let next = 1
  return (key, shown) => (shown === key ? key : `${shown}#${next++}`)
}

/** A part of a text gives way to text only. */
function textReplacer(replace: CensorFunction, context: RedactContext): Replace {
  return (part, name) => {
    context.count(name)
    const replacement = replace(part, name)
    if (replacement === undefined) return ''
    return typeof replacement === 'object' && replacement !== null ? DEFAULT_CENSOR : String(replacement)
  }
}

/** The censor's own text is never looked into: a detector may take it for a secret, and it would be counted again. */
function withText(detect: Detect, censor: Censor | undefined): Detect {
  const own = constantOf(censor)?.text
  return (text, limit) => (text === own ? text : detect(text, limit))
}

function constantOf(censor: Censor | undefined): Redactor['constant'] {
  if (typeof censor === 'function' || censor === 'remove' || censor === 'mask' || censor === 'hash') return undefined
  const text = typeof censor === 'object' ? censor.text : (censor ?? DEFAULT_CENSOR)
  return { text, json: JSON.stringify(text) }
}

/** Texts of lists and of messages are looked up again and again; bounded, since they are data. */
function remembered(rule: NameRule): NameRule {
  const known = new Map<string, string | undefined>()
  return (text) => {
    if (text.length > LONGEST_NAME) return undefined
    const found = known.get(text)
    if (found !== undefined || known.has(text)) return found
    if (known.size >= MOST_REMEMBERED) known.clear()
    const result = NAME.test(text) ? rule(text) : undefined
    known.set(text, result)
    return result
  }
}

/** Longer text, or text with more than a name's words in it, names nothing: it is data beside data. */
const LONGEST_NAME = 100
const NAME = /^[^\s:=,;!?]*(?: [^\s:=,;!?]+){0,6}:?$/
const MOST_REMEMBERED = 2000

interface CheckedRedaction {
  readonly keys: readonly string[]
  readonly paths: readonly string[]
  readonly detect: readonly DetectorName[]
  readonly censor: Censor | undefined
  readonly hashKey: string | undefined
  readonly defaults: boolean
}

function checked(options: RedactOptions): CheckedRedaction {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const given = Array.isArray(options) ? 'a list' : options === null ? 'null' : typeof options
    throw new TypeError(`redact: got ${given}; accepted: false, or an object with ${KNOWN.join(', ')}`)
  }
  const unknown = Object.keys(options).find((key) => !(KNOWN as readonly string[]).includes(key))
  if (unknown !== undefined) {
    throw new TypeError(`redact: unknown option "${unknown}"; accepted: ${KNOWN.join(', ')}`)
  }
  const { keys = [], paths = [], censor, hashKey, defaults = true } = options
  checkList('redact.keys', keys)
  checkList('redact.paths', paths)
  if (typeof defaults !== 'boolean') {
    throw new TypeError(`redact.defaults: got ${typeof defaults}; accepted: true or false`)
  }
  if (hashKey !== undefined && typeof hashKey !== 'string') {
    throw new TypeError(`redact.hashKey: got ${typeof hashKey}; accepted: a text of at least 16 bytes`)
  }
  return { keys, paths, detect: checkDetect(options.detect), censor, hashKey, defaults }
}

function checkList(option: string, list: readonly string[]): void {
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'string' && /[\p{L}\p{N}*]/u.test(entry))) return
  const given = Array.isArray(list) ? 'an entry that names nothing' : typeof list
  throw new TypeError(`${option}: got ${given}; accepted: a list of names`)
}

function checkDetect(detect: RedactOptions['detect']): readonly DetectorName[] {
  if (detect === undefined) return []
  if (detect === 'all') return DETECTOR_NAMES
  const accepted = `accepted: 'all', or a list of ${DETECTOR_NAMES.join(', ')}`
  if (!Array.isArray(detect)) throw new TypeError(`redact.detect: got ${typeof detect}; ${accepted}`)
  const known: readonly unknown[] = DETECTOR_NAMES
  const unknown: unknown = detect.find((name) => !known.includes(name))
  if (unknown === undefined) return detect
  throw new TypeError(
    `redact.detect: got ${typeof unknown === 'string' ? `"${unknown}"` : typeof unknown}; ${accepted}`,
  )
}
