/**
 * Which keys are secret by their name.
 *
 * A key is split into words (`creditCard`, `CREDIT-CARD`, `credit_card` and `credit.card` all give "credit card"), numbers
 * and versions at its end are left out (`password2`, `tokenV2`), and it is secret when its last words, joined, are a listed
 * name: `user_password`, `stripe_api_key`, `x-auth-token`. So a name that merely contains one stays readable: in
 * `password_changed_at`, `token_count` and `author` the last word is another. The names in `ENDINGS` count without a
 * boundary before them too, for keys written as one word (`dbpassword`).
 *
 * @returns the listed name, with a mark behind it when only some values are secret (see `isCount` and `isFlag`).
 */
export type NameRule = (key: string) => string | undefined

const ENDINGS = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'apikey',
  'secretkey',
  'privatekey',
  'accesskey',
  'sessionid',
  'creditcard',
  'cardnumber',
  // Its digit begins no word: `User2faCode`.
  '2facode',
]

/** Of a key's end, so much is looked at: the rule asks for the last words, and longer keys are data. */
const LONGEST_LOOK = 120
/** Behind the rule's name, where no name or path has such a character: a plural, whose number is a count (`max_tokens: 4096`). */
const PLURAL = '\u0001'
/** Behind the rule's name: a question, whose answer is no secret (`has_password: true`). */
const QUESTION = '\u0002'
const QUESTION_WORDS = new Set([
  'is',
  'has',
  'have',
  'had',
  'needs',
  'requires',
  'with',
  'no',
  'use',
  'uses',
  'show',
  'allow',
])

export function compileNames(names: readonly string[]): NameRule {
  const listed = new Set(names.map((name) => wordsOf(name).join('')))
  listed.delete('')
  // The user's own word for a number (`line2`) is taken as it is, beside the form without it.
  const endings = ENDINGS.filter((ending) => listed.has(ending))
  const exactly = (words: readonly string[]): string | undefined => {
    for (let i = 0; i < words.length; i++) {
      const tail = words.slice(i).join('')
      if (listed.has(tail)) return tail
    }
    const joined = words.join('')
    return endings.find((ending) => joined.endsWith(ending))
  }
  const singular = (words: readonly string[]) => exactly(words) ?? exactly(withoutNumber(words))
  return (key) => {
    const words = wordsOf(key.length > LONGEST_LOOK ? key.slice(-LONGEST_LOOK) : key)
    const rule = singular(words)
    if (rule !== undefined) return QUESTION_WORDS.has(words[0] ?? '') ? rule + QUESTION : rule
    const last = words.at(-1) ?? ''
    if (!last.endsWith('s')) return undefined
    const plural = singular([...words.slice(0, -1), last.slice(0, -1)])
    return plural === undefined ? undefined : plural + PLURAL
  }
}

/** Whether a value under a key of this rule is a count or an answer, not a secret. */
export function isReadable(value: unknown, rule: string): boolean {
  if (!isMarked(rule)) return false
  return typeof value === 'boolean' || (typeof value === 'number' && rule.endsWith(PLURAL))
}

/** The listed name that a rule stands for. */
export function nameOf(rule: string): string {
  if (!isMarked(rule)) return rule
  return rule.slice(0, -1)
}

function isMarked(rule: string): boolean {
  const last = rule.charCodeAt(rule.length - 1)
  return last === 1 || last === 2
}

/** The words of a key, in lower case: split at separators and where a capital begins a word. */
function wordsOf(key: string): string[] {
  return key
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** `password 2`, `password2`, `token v2`: the number counts secrets of one kind. */
function withoutNumber(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? ''
  const bare = /^v\d+$/.test(last) ? '' : withoutDigits(last)
  if (bare === last) return words
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
