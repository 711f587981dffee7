import { quote } from '../encode/string.js'
import { type Censor, compileCensor, DEFAULT_CENSOR } from './censor.js'
import { compileNames, DEFAULT_NAMES, PLURAL_SUFFIX } from './names.js'
import { compilePaths } from './paths.js'
import type { Redactor } from './redactor.js'

/** What is secret, beside what is by default, and what stands in its place. */
export interface RedactOptions {
  /** More secret keys, whatever their case and separators, at any depth. */
  readonly keys?: readonly string[]
  /** Exact places: `user.email`, `items[*].iban`, `*.headers`. */
  readonly paths?: readonly string[]
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

/**
 * @returns what the encoder asks in its walk; `undefined` when there is nothing to redact.
 * @throws TypeError naming the option that cannot be used.
 */
export function compileRedaction(
  options: RedactOptions | false | undefined,
  context: RedactContext,
): Redactor | undefined {
  if (options === false) return undefined
  const { keys = [], paths = [], censor, hashKey, defaults = true } = options ?? {}
  checkList('redact.keys', keys)
  checkList('redact.paths', paths)
  const fromEnvironment = (context.env.LOG_REDACT_KEYS ?? '').split(',').map((key) => key.trim())
  const names = [...(defaults ? DEFAULT_NAMES : []), ...keys, ...fromEnvironment.filter((key) => key !== '')]
  const rule = compileNames(names)
  const replace = compileCensor(censor, hashKey ?? context.env.LOG_HASH_KEY)
  return {
    keyRule: rule,
    // Values of lists are looked at too, so that what is data is turned away before it is split into words.
    nameRule: (text) => (text.length > 40 ? undefined : rule(text)),
    paths: compilePaths(paths),
    detect: undefined,
    censor(value, name, key) {
      // Nothing there is no secret, and says so; a plural's number is a count.
      if (value === null || value === undefined) return value === null ? 'null' : undefined
      if (name.endsWith(PLURAL_SUFFIX) && (typeof value === 'number' || typeof value === 'boolean')) return `${value}`
      context.count(name)
      return replaced(replace, value, key)
    },
  }
}

function replaced(replace: (value: unknown, key: string) => unknown, value: unknown, key: string): string | undefined {
  try {
    const replacement = replace(value, key)
    if (replacement === undefined) return undefined
    return typeof replacement === 'string' ? quote(replacement) : (JSON.stringify(replacement) ?? quote(DEFAULT_CENSOR))
  } catch {
    // A censor that fails must not let through what it was to censor.
    return quote(DEFAULT_CENSOR)
  }
}

function checkList(option: string, list: readonly string[]): void {
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'string' && entry !== '')) return
  throw new TypeError(
    `${option}: got ${Array.isArray(list) ? 'an entry that is no text' : typeof list}; accepted: a list of names`,
  )
}
