import { isAmbiguous, isHarmless, isHarmlessObject, looksMade } from './ambiguous.js'
import { AMOUNTS, FACTS, FORMS, HIDDEN_ALREADY, OTHER_THINGS, VERBS } from './name-words.js'

/**
 * Which keys are secret by their name.
 *
 * ```text
 * name = *before noun *form [number]
 * ```
 *
 * A key is split into words (`creditCard`, `CREDIT-CARD`, `credit_card` and `credit.card` all give "credit card"). The last
 * secret noun in it decides, by the words behind it: only forms of the secret (`password_hash`, `tokenNew`), and the name is
 * secret; one fact about the secret (`password_changed_at`, `token_count`), and it is not; a word that is neither, and the
 * value decides (`password_stripe: 'hunter2'` is hidden, `password_breach: 'none'` is not).
 *
 * @returns the rule's name; with marks behind it where the kind of value decides (see `isReadable`).
 */
export type NameRule = (key: string) => string | undefined

/** Nouns that count without a boundary before them too, for keys written as one word (`dbpassword`). */
const ENDINGS = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'secret', 'token', 'credential', 'apikey', 'secretkey'],
  ...['privatekey', 'accesskey', 'sessionid', 'creditcard', 'cardnumber'],
  // Its digit begins no word: `User2faCode`.
  '2facode',
]
/** The same with something behind them: `passwordhash`, `apikeys`. */
const GLUED = /^(.{0,40}?(?:password|passwd|passphrase|passcode|pwd|secret|token|apikey|sessionid|cardnumber))s?(\D+)$/

/** Of a key's end, so much is looked at: longer keys are data. */
const LONGEST_LOOK = 120
/** Between a rule's name and its marks, where no name or path has such a character. */
const MARKS = '\u0001'
/** A plural, or an amount: a number is a count (`max_tokens: 4096`). */
const COUNT = 'n'
/** A question or an order: a boolean is an answer (`has_password: true`). */
const QUESTION = 'q'
/** An unknown word behind the noun: the value decides. */
const DOUBT = 'd'
/** A noun that has other meanings: the value decides (`ambiguous.ts`). */
const AMBIGUOUS = 'a'

/**
 * The default names' rule, and beside it the user's own names, which know no exception.
 *
 * @param isAllowed Whether the default names leave a name of these words out.
 */
export function compileNames(
  defaults: readonly string[],
  own: readonly string[] = [],
  isAllowed: (words: readonly string[]) => boolean = () => false,
): NameRule {
  const nouns = new Set(defaults.map(joinedName).filter((name) => name !== ''))
  const listed = new Set(own.map(joinedName).filter((name) => name !== ''))
  return (key) => {
    const words = wordsOf(key.length > LONGEST_LOOK ? key.slice(-LONGEST_LOOK) : key)
    const found = listed.size === 0 ? undefined : ownRule(words, listed)
    return found ?? (isAllowed(words) ? undefined : defaultRule(words, nouns))
  }
}

function joinedName(name: string): string {
  return wordsOf(name).join('')
}

/** A name of the user's own is secret where a key ends in it, in the plural and with a number behind it too. */
function ownRule(words: readonly string[], listed: ReadonlySet<string>): string | undefined {
  const last = words.at(-1) ?? ''
  return (
    endingIn(words, listed) ??
    endingIn(withoutNumber(words), listed) ??
    (last.endsWith('s') ? endingIn([...words.slice(0, -1), last.slice(0, -1)], listed) : undefined)
  )
}

function endingIn(words: readonly string[], listed: ReadonlySet<string>): string | undefined {
  for (let i = 0; i < words.length; i++) {
    const tail = words.slice(i).join('')
    if (listed.has(tail)) return tail
  }
  return undefined
}

function defaultRule(words: readonly string[], nouns: ReadonlySet<string>): string | undefined {
  const parts = withoutNumber(words.flatMap(unglued))
  for (let end = parts.length; end > 0; end--) {
    const found = nounAt(parts, end, nouns)
    if (found === undefined) continue
    const { noun, start } = found
    const marks = marksOf(noun, parts.slice(0, start), parts.slice(end))
    if (marks === undefined) return undefined
    const all = marks + (found.isPlural ? COUNT : '') + (isAmbiguous(noun) ? AMBIGUOUS : '')
    return all === '' ? noun : noun + MARKS + all
  }
  return undefined
}

interface FoundNoun {
  readonly noun: string
  /** How many words stand before it. */
  readonly start: number
  readonly isPlural: boolean
}

/** The longest noun whose last word is the one before `end`. */
function nounAt(words: readonly string[], end: number, nouns: ReadonlySet<string>): FoundNoun | undefined {
  const last = words[end - 1] as string
  const forms = last.length > 3 && last.endsWith('s') ? [last, last.slice(0, -1)] : [last]
  for (const form of forms) {
    const isPlural = form !== last
    let joined = form
    let found: FoundNoun | undefined
    for (let start = end - 1; ; start--) {
      if (nouns.has(joined)) found = { noun: joined, start, isPlural }
      if (start === 0 || end - start >= MOST_WORDS) break
      joined = words[start - 1] + joined
    }
    if (found !== undefined) return found
    const ending = ENDINGS.find((one) => nouns.has(one) && joined.endsWith(one))
    if (ending !== undefined) return { noun: ending, start: end - 1, isPlural }
  }
  return undefined
}

/** Of the longest listed noun, and one more for an ending that begins within a word. */
const MOST_WORDS = 5

/** `undefined` where the words around a noun say that this is no secret. */
function marksOf(noun: string, before: readonly string[], behind: readonly string[]): string | undefined {
  if (before.some((word) => HIDDEN_ALREADY.has(word)) || behind.some((word) => FACTS.has(word))) return undefined
  if (noun.endsWith('key') && before.some((word) => word === 'public' || word === 'publishable')) return undefined
  const other = OTHER_THINGS[noun]
  if (other?.has(before.at(-1) ?? '') === true) return undefined
  const isDoubtful = behind.some((word) => !FORMS.has(word) && !/^v?\d+$/.test(word))
  if (isDoubtful && WEAK.has(noun)) return undefined
  const isQuestion = behind.length > 0 || before.some((word) => VERBS.has(word))
  return (
    (isDoubtful ? DOUBT : '') + (isQuestion ? QUESTION : '') + (before.some((word) => AMOUNTS.has(word)) ? COUNT : '')
  )
}

/** Nouns that name a field of work or a thing as well (`auth_server`, `pass_threshold`): an unknown word makes them that. */
const WEAK = new Set(
  [
    'auth authorization proxyauthorization session cookie bearer jwt csrf xsrf credential assertion pass pan sin tin sid dsn',
    'passport mnemonic keystore kubeconfig netrc htpasswd pfx creditcard debitcard bankcard paymentcard bankaccount',
  ].flatMap((line) => line.split(' ')),
)

/** Whether the kind of a value, which is no object, says that it is no secret. Only the default names have such exceptions. */
export function isReadable(value: unknown, rule: string): boolean {
  const at = rule.indexOf(MARKS)
  if (at === -1) return false
  const noun = rule.slice(0, at)
  const has = (mark: string) => rule.includes(mark, at + 1)
  if (typeof value === 'boolean') return has(QUESTION) || has(COUNT) || has(AMBIGUOUS)
  if (typeof value === 'number' && has(COUNT)) return true
  return (has(DOUBT) && isBesideSecret(value, noun)) || (has(AMBIGUOUS) && isHarmless(noun, value))
}

/** The same of an object: it has to be free of what is secret by its name or by its look. */
export function isReadableObject(value: object, rule: string, nameRule: NameRule): boolean {
  if (!hasObjects(rule)) return false
  return isHarmlessObject(value, (key, held) => {
    const inner = nameRule(key)
    if (inner === undefined || held === null || held === undefined || isReadable(held, inner)) return false
    return typeof held !== 'object' || !isReadableObject(held, inner, nameRule)
  })
}

/** The same of an object in text, by its look alone. */
export function isReadableText(text: string, rule: string): boolean {
  return hasObjects(rule) && !HOLDING.test(text) && !text.split(/[\s"'`{}[\],:=]+/).some(looksMade)
}

const HOLDING = /\b(?:id|key|code|number|value|data|raw)["']?\s?[:=]/i

function hasObjects(rule: string): boolean {
  const at = rule.indexOf(MARKS)
  return at !== -1 && (rule.includes(AMBIGUOUS, at) || rule.includes(DOUBT, at))
}

/** Of a name whose last words are unknown: what does not look like a secret is none. */
function isBesideSecret(value: unknown, noun: string): boolean {
  if (typeof value === 'number') return !(DIGITS.test(noun) && value >= 1000)
  if (typeof value === 'string') return !(DIGITS.test(noun) && /\d{4}/.test(value)) && !looksMade(value)
  return false
}

/** Nouns whose secret is a number. */
const DIGITS = /(?:^(?:pin|otp|totp|cv[vcn]2?|csc|ssn|psk)|code|number)$/

/** The listed name that a rule stands for. */
export function nameOf(rule: string): string {
  const at = rule.indexOf(MARKS)
  return at === -1 ? rule : rule.slice(0, at)
}

/**
 * The words of a key, folded so that every way of writing it is the same (Unicode: compatibility forms, full case folding, no
 * combining marks): split at separators and where a capital begins a word.
 */
export function wordsOf(key: string): string[] {
  return (
    (ASCII.test(key) ? key : key.normalize('NFKD').replace(/\p{M}+/gu, ''))
      .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
      .replace(/(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ')
      // Twice, which is the full case folding of Unicode: `Straße` is `STRASSE`.
      .toUpperCase()
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '')
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\u0000-\u007f]*$/

/** `passwordhash` is two words where the second one is known. */
function unglued(word: string): readonly string[] {
  const match = GLUED.exec(word)
  if (match === null) return [word]
  const [, noun = '', rest = ''] = match
  return FORMS.has(rest) || FACTS.has(rest) ? [noun, rest] : [word]
}

/** `password 2`, `password2`, `token v2`: the number counts secrets of one kind. */
function withoutNumber(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? ''
  const bare = /^v\d+$/.test(last) ? '' : withoutDigits(last)
  if (bare === last || FORMS.has(last) || FACTS.has(last)) return words
  return bare === '' ? words.slice(0, -1) : [...words.slice(0, -1), bare]
}

/** Without those at its end. */
function withoutDigits(word: string): string {
  let end = word.length
  while (end > 0 && isDigit(word.charCodeAt(end - 1))) end--
  return word.slice(0, end)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
