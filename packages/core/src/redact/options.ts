import { checkOptions, type OptionChecker, refused } from '../check-options.js'
import type { Censor } from './censor.js'
import { DETECTOR_NAMES, type DetectorName } from './detect/detector.js'

/** What is secret, beside what is by default, and what stands in its place. */
export interface RedactOptions {
  /**
   * More secret keys, whatever their case and separators, at any depth: a key is secret if it ends in one. `LOG_REDACT_KEYS`
   * adds to them, with commas.
   */
  readonly keys?: readonly string[]
  /** Exact places: `user.email`, `items[*].iban`, `*.headers`. */
  readonly paths?: readonly string[]
  /**
   * What is readable whatever the default names and the detectors say: keys as a whole (`session_id`), and places
   * (`order.pin`). What `keys` and `paths` name stays hidden.
   */
  readonly allow?: readonly string[]
  /** Detectors for secrets in text: `'all'`, or some by name. None by default: they read every text that is logged. */
  readonly detect?: 'all' | readonly DetectorName[]
  /** `***REDACTED***` by default. */
  readonly censor?: Censor
  /** The key of `censor: 'hash'`; `LOG_HASH_KEY` by default. At least 16 bytes. */
  readonly hashKey?: string
  /** `false` starts with no default keys; `true` by default. */
  readonly defaults?: boolean
  /**
   * Says behind each hidden value by which rule it is hidden: `***REDACTED*** (name password)`. `false` by default;
   * `LOG_EXPLAIN_REDACTION=true` wins. For finding out why; values stay hidden.
   */
  readonly explain?: boolean
}

const KNOWN = ['keys', 'paths', 'allow', 'detect', 'censor', 'hashKey', 'defaults', 'explain'] as const

/** The options after they were checked. */
export interface CheckedRedaction {
  readonly keys: readonly string[]
  readonly paths: readonly string[]
  readonly allow: readonly string[]
  readonly detect: readonly DetectorName[]
  readonly censor: Censor | undefined
  readonly hashKey: string | undefined
  readonly defaults: boolean
  readonly explain: boolean
}

/** @throws TypeError naming the option that cannot be used. */
export function checkRedaction(options: RedactOptions | undefined): CheckedRedaction {
  if (options === null || (options !== undefined && typeof options !== 'object') || Array.isArray(options)) {
    throw refused('createLogger({ redact })', options, `false, or an object with ${KNOWN.join(', ')}`)
  }
  const check = checkOptions('createLogger', { redact: options }, ['redact']).nested('redact', KNOWN)
  return {
    keys: checkList(check, 'keys'),
    paths: checkList(check, 'paths'),
    allow: checkList(check, 'allow'),
    detect: checkDetect(check),
    censor: check.given.censor,
    hashKey: check.string('hashKey', 'a string of at least 16 bytes'),
    defaults: check.boolean('defaults', true),
    explain: check.boolean('explain', false),
  }
}

type RedactChecker = OptionChecker<RedactOptions>

function checkList(check: RedactChecker, name: 'keys' | 'paths' | 'allow'): readonly string[] {
  const isList = (list: unknown) =>
    Array.isArray(list) && list.every((entry) => typeof entry === 'string' && /[\p{L}\p{N}*]/u.test(entry))
  return check.check(name, isList, 'an array of names') ?? []
}

function checkDetect(check: RedactChecker): readonly DetectorName[] {
  const known: readonly unknown[] = DETECTOR_NAMES
  const isKnown = (detect: unknown) =>
    detect === 'all' || (Array.isArray(detect) && detect.every((name) => known.includes(name)))
  const detect = check.check('detect', isKnown, `'all', or an array of ${DETECTOR_NAMES.join(', ')}`) ?? []
  return detect === 'all' ? DETECTOR_NAMES : detect
}
