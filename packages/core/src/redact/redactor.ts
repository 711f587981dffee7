import { warnOnce } from '../warn.js'
import { compileBeside, holdsValue } from './beside.js'
import { type CensorFunction, compileCensor, DEFAULT_CENSOR } from './censor.js'
import { DEFAULT_NAMES } from './default-names.js'
import { compileDetect, type Detect, type Replace } from './detect/detect.js'
import { DETECTOR_NAMES } from './detect/detector.js'
import { compileNames, isReadable, isReadableObject, type NameRule, nameOf, wordsOf } from './names.js'
import { type CheckedRedaction, checkRedaction, type RedactOptions } from './options.js'
import { compilePaths, type PathState, type StoreNames } from './paths.js'
import { redactedQuery } from './query.js'
import { textKeyOf } from './text-keys.js'

/**
 * What the encoder's walk asks of redaction. Compiled once for each root logger by `compileRedaction`; with
 * `redact: false` there is none, and the walk asks nothing.
 */
export interface Redactor {
  /** The rule that makes a key's value secret, or `ALLOWED`; asked once for each key, then kept in the key table. */
  keyRule(key: string): string | undefined
  /** The same for text that may be a header's name in a raw list (`['Authorization', '…']`). */
  nameRule(text: string): string | undefined
  /** The paths' automaton, at the start of a line. */
  readonly paths: PathState | undefined
  /** Censors what the detectors find in a string; `undefined` when there are none. */
  readonly detect: Detect | undefined
  /** The same and what names in the text give away, for texts that are known to have names: URLs, headers. */
  readonly structured: Detect
  /** Whether a key holds such texts. */
  isStructured(key: string): boolean
  /** Whether a key holds the path of a request, which is such a text where it has a query. */
  isPath(key: string): boolean
  /**
   * What is walked in place of an object under such a key, with its texts looked into: a list, the parts of a URL, a query
   * without what is secret in queries only. `undefined` where the object's texts are not such texts.
   */
  structuredObject(value: object, key: string): object | undefined
  /** Whether a key may hold a value whose name stands beside it. */
  holdsValue(key: string): boolean
  /** The rule of such a value by what stands beside it (`{ path: 'password', value }`). */
  ruleBeside(owner: Readonly<Record<string, unknown>>, key: string): string | undefined
  /** The key as it may be shown: what the detectors find in it is censored, and numbered so that no two are the same. */
  shownKey(key: string): string
  /** The censor's text and its JSON, where it is always the same. */
  readonly constant: { readonly text: string; readonly json: string } | undefined
  /**
   * What stands in place of a value that a rule names: itself where that is no secret (nothing, a count), `undefined` where
   * the entry is left out. Counts it. Never throws. A result that is an object is the censor's, to be walked as any value.
   */
  censor(value: unknown, rule: string, key: string): unknown
}

/** The rule of a key that the user allows: its own text or number is written without any detector. */
export const ALLOWED = '\u0002'

/** What redaction depends on beside its options. */
export interface RedactContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told of each value that was kept out, with the rule that did. */
  readonly count: (rule: string) => void
  /** The names of the line's format, by which paths may begin. */
  readonly storeNames?: StoreNames
}

/**
 * @returns what the encoder asks in its walk; `undefined` when there is nothing to redact.
 * @throws TypeError naming the option that cannot be used.
 */
export function compileRedaction(
  options: RedactOptions | false | undefined,
  { env, count, storeNames }: RedactContext,
): Redactor | undefined {
  if (options === false) return undefined
  const checked = checkRedaction(options)
  const { detect, defaults, paths } = checked
  const keys = ownKeys(checked, env.LOG_REDACT_KEYS ?? '')
  const allowed = new Set(checked.allow.filter((entry) => !isPathLike(entry)).map(joined))
  const secretRule = compileNames(defaults ? DEFAULT_NAMES : [], keys, (words) => allowed.has(words.join('')))
  const nameRule = remembered(secretRule)
  const replace = explained(compileCensor(checked.censor, checked.hashKey ?? env.LOG_HASH_KEY), checked, keys, env)
  const constant = constantOf(checked, env)
  const inText: Replace = (part, name) => {
    count(name)
    return textOf(replace(part, name, name))
  }
  const withText = (one: Detect): Detect => {
    // The censor's own text is never looked into: a detector may take it for a secret, and it would be counted again.
    return (text, limit) => (text === constant?.text ? text : one(text, limit))
  }
  const inAnyText = detect.length === 0 ? undefined : withText(compileDetect(detect, nameRule, inText))
  const numbered = keyNumbers()
  const censor: Redactor['censor'] = (value, rule, key) => {
    // Nothing there is no secret, and says so.
    if (value === null || value === undefined || rule === ALLOWED) return value
    if (typeof value === 'object' ? isReadableObject(value, rule, nameRule) : isReadable(value, rule)) return value
    count(nameOf(rule))
    return replace(value, key, rule)
  }
  return {
    keyRule: (key) => secretRule(key) ?? (allowed.size > 0 && allowed.has(joined(key)) ? ALLOWED : undefined),
    nameRule,
    paths: compilePaths(paths, checked.allow.filter(isPathLike), storeNames),
    constant,
    detect: inAnyText,
    structured: withText(compileDetect([...detect, 'url', 'assignment'], nameRule, inText)),
    isStructured: (key) => !['path', undefined].includes(textKeyOf(key)),
    isPath: (key) => textKeyOf(key) === 'path',
    structuredObject: (value, key) => {
      const kind = textKeyOf(key)
      if (kind === 'query') return redactedQuery(value, nameRule, (held, name) => censor(held, QUERY_RULE, name))
      return kind === 'url' || Array.isArray(value) ? value : undefined
    },
    holdsValue,
    ruleBeside: compileBeside(nameRule),
    shownKey: (key) => (inAnyText === undefined ? key : numbered(key, inAnyText(key))),
    censor,
  }
}

/** What counts a value that is secret in a query only: the detector that finds it in a text. */
const QUERY_RULE = 'url'

function joined(name: string): string {
  return wordsOf(name).join('')
}

function isPathLike(entry: string): boolean {
  return /[.[*]/.test(entry)
}

/** The names of the option and of the environment. One that looks like a path is most likely a slip, and hides less than meant. */
function ownKeys({ keys }: CheckedRedaction, environment: string): readonly string[] {
  const given = environment
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean)
  for (const [source, names] of [
    ['redact.keys', keys],
    ['LOG_REDACT_KEYS', given],
  ] as const) {
    const dotted = names.filter(isPathLike)
    if (dotted.length === 0) continue
    const shown = dotted.map((name) => `"${name}"`).join(', ')
    warnOnce(
      `${source}: ${shown} matches a key of that whole name only, no key in an object; use redact.paths for places`,
    )
  }
  return [...keys, ...given]
}

/** Two keys with one secret each would be the same key, which no line may have twice. */
function keyNumbers(): (key: string, shown: string) => string {
  let next = 1
  return (key, shown) => (shown === key ? key : `${shown}#${next++}`)
}

/** A part of a text gives way to text only. */
function textOf(replacement: unknown): string {
  if (replacement === undefined) return ''
  return typeof replacement === 'object' && replacement !== null ? DEFAULT_CENSOR : String(replacement)
}

function isDetector(rule: string): boolean {
  return (DETECTOR_NAMES as readonly string[]).includes(rule)
}

type ExplainedCensor = (value: unknown, key: string, rule: string) => unknown

function isExplained({ explain }: CheckedRedaction, env: RedactContext['env']): boolean {
  const { LOG_EXPLAIN_REDACTION: given = '' } = env
  return given === '' ? explain : /^(?:true|1|yes|on)$/i.test(given)
}

/** A censor that says which rule it was called for, when that is asked for. */
function explained(
  censor: CensorFunction,
  checked: CheckedRedaction,
  keys: readonly string[],
  env: RedactContext['env'],
): ExplainedCensor {
  if (!isExplained(checked, env)) return (value, key) => censor(value, key)
  const own = new Set(keys.map(joined))
  return (value, key, rule) => {
    const name = nameOf(rule)
    const kind = checked.paths.includes(rule) ? 'path' : own.has(name) ? 'key' : isDetector(rule) ? 'detector' : 'name'
    const replacement = censor(value, key)
    return `${typeof replacement === 'string' ? replacement : DEFAULT_CENSOR} (${kind} ${name})`
  }
}

function constantOf(checked: CheckedRedaction, env: RedactContext['env']): Redactor['constant'] {
  const { censor } = checked
  if (isExplained(checked, env)) return undefined
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
