import { types } from 'node:util'

/**
 * Secret nouns that have other meanings, and what decides: the kind of the value. Where it does not say, the value is hidden.
 * The docs' page on redaction has a row for each; a test compares the two.
 */
type Harmless = (value: string | number) => boolean

const AMBIGUOUS: Readonly<Record<string, Harmless>> = Object.assign(Object.create(null), {
  // Tests that pass, and gates.
  pass: isCount,
  // The working directory (POSIX).
  pwd: isFilePath,
  pw: isFilePath,
  // A pin of a circuit.
  pin: (value) => typeof value === 'string' && CIRCUIT_PIN.test(value),
  // Sine, pan of a camera, tin: a fraction or a small number, or a word. The numbers of people have more digits.
  sin: isNoLongNumber,
  tin: isNoLongNumber,
  pan: isNoLongNumber,
  passport: hasFewDigits,
  creditcard: hasFewDigits,
  debitcard: hasFewDigits,
  bankcard: hasFewDigits,
  paymentcard: hasFewDigits,
  bankaccount: () => false,
  // A resource of Twilio, an account of Windows, a station.
  sid: (value) => isCount(value) || (typeof value === 'string' && /^(?:[A-Z]{2}[0-9a-f]{32}|S-1-[\d-]+)$/.test(value)),
  session: (value) => isCount(value) || isState(value),
  cookie: (value) => isCount(value) || isState(value),
  auth: (value) => isCount(value) || isState(value) || isMethod(value),
  authorization: (value) => isState(value) || isMethod(value),
  // The mode of `fetch`.
  credential: (value) => value === 'include' || value === 'omit' || value === 'same-origin',
  bearer: () => false,
  jwt: () => false,
  csrf: () => false,
  xsrf: () => false,
  // What a test expects is a sentence.
  assertion: (value) => typeof value === 'string' && /^\S+(?: \S+){2}/.test(value),
  // An instruction of a processor, where the secret is a list of words.
  mnemonic: (value) => typeof value === 'string' && /^[A-Za-z]{1,8}$/.test(value),
  // The status of a delivery (RFC 3463).
  dsn: (value) => typeof value === 'string' && /^[245]\.\d{1,3}\.\d{1,3}$/.test(value),
  // A name or an ARN of AWS, where Vault has an id.
  secretid: (value) => typeof value === 'string' && !looksMade(value),
  keystore: isFilePath,
  kubeconfig: isFilePath,
  netrc: isFilePath,
  htpasswd: isFilePath,
  pfx: isFilePath,
} satisfies Record<string, Harmless>)

/** The ambiguous nouns, for the docs. */
export const AMBIGUOUS_NOUNS: readonly string[] = Object.keys(AMBIGUOUS)

export function isAmbiguous(noun: string): boolean {
  return noun in AMBIGUOUS
}

/** Whether the kind of value says that it is not the secret of this noun. */
export function isHarmless(noun: string, value: unknown): boolean {
  const harmless = AMBIGUOUS[noun]
  if (harmless === undefined) return false
  if (typeof value === 'number') return harmless(value)
  return typeof value === 'string' && harmless(NUMBER.test(value) ? Number(value) : value)
}

const NUMBER = /^[-+]?\d{1,17}(?:\.\d{1,17})?$/
const CIRCUIT_PIN = /^(?:gpio|pin|bcm|io|adc|dac|pwm|d|a|p[a-k]?)[_.-]?\d{1,3}(?:[_.]\d{1,2})?$/i

/** More than this is no count of a test run, and may be a number that somebody has to remember. */
const MOST_COUNTED = 100_000

function isCount(value: string | number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < MOST_COUNTED
}

/** Numbers of people and of cards have at least seven digits. */
function isNoLongNumber(value: string | number): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Math.abs(value) < 1000
  return hasFewDigits(value)
}

function hasFewDigits(value: string | number): boolean {
  return typeof value === 'string' && value.replace(/\D/g, '').length < 4
}

/** An absolute path, or one from the home or this directory, or a file's name. */
function isFilePath(value: string | number): boolean {
  return (
    typeof value === 'string' &&
    /^(?:(?:~|\.{1,2}|[A-Za-z]:|\$\w+)?[\\/][\w.@ \\/+-]*|[\w-]{1,80}\.[a-z]{2,10}\d?)$/.test(value)
  )
}

const STATES = new Set(
  [
    'active inactive idle open opened closed started starting stopped ended ending new none null no yes ok okay on off',
    'created destroyed deleted removed expired expiring renewed refreshed restored resumed paused pending ready lost found',
    'missing present absent valid invalid verified unverified required optional enabled disabled allowed denied granted',
    'refused rejected accepted failed failure success successful succeeded authenticated unauthenticated authorized',
    'unauthorized anonymous guest unknown undefined empty skipped saved loaded connected disconnected strict lax signed',
    'unsigned secure insecure completed cancelled canceled timeout captured voided declined approved',
  ].flatMap((line) => line.split(' ')),
)

function isState(value: string | number): boolean {
  return typeof value === 'string' && STATES.has(value.toLowerCase())
}

/**
 * Ways to authenticate: the registries of HTTP authentication schemes and of SASL mechanisms (IANA), the methods of RFC 8176,
 * the protocols, and the providers that people name.
 */
const METHODS = new Set(
  [
    'basic bearer concealed digest dpop gnap hoba mutual negotiate oauth oauth1 oauth2 privatetoken vapid ntlm kerberos',
    'plain login external gssapi gss-spnego cram-md5 digest-md5 scram-sha-1 scram-sha-256 scram-sha-512 xoauth2 oauthbearer',
    'saml saml2 saml20 openid openid20 oidc ldap ldaps radius tacacs diameter cas sso mtls tls x509 x.509 certificate cert jwt',
    'apikey api-key api_key token password cookie session iam iamv4 aws4 sigv4 aws-sigv4 hmac hawk ip mfa otp totp sms email',
    'webauthn fido fido2 u2f passkey passkeys passwordless magic-link face fpt geo hwk iris kba mca pop pwd rba retina sc swk tel',
    'user vbm wia local internal database db none anonymous guest public private peer trust md5 reject ident pam bsd cert sspi',
    'google github gitlab bitbucket facebook apple microsoft azure azuread azure-ad entra okta auth0 cognito firebase keycloak',
    'twitter x linkedin discord slack aws gcp supabase clerk active-directory ad adfs',
  ].flatMap((line) => line.split(' ')),
)

function isMethod(value: string | number): boolean {
  return typeof value === 'string' && METHODS.has(value.toLowerCase())
}

/** Whether a text may be a secret by its look: letters and digits mixed, marks that words do not have, or no end. */
export function looksMade(text: string): boolean {
  if (text.length < 4 || NAMED.test(text)) return false
  if (/\s/.test(text)) {
    const words = text.trim().split(/\s+/, 4)
    return words.length < 3 && words.some(looksMade)
  }
  if (/^\d+$/.test(text)) return text.length >= 6
  if (/\p{L}/u.test(text) && /\d/.test(text)) return true
  return text.length >= 20 ? /^[^\s_.:/-]{20}/.test(text) : /[!#$%^&*=?~|]/.test(text)
}

/** Dates, addresses of the web and of machines, paths, ARNs, media types. */
const NAMED = new RegExp(
  [
    String.raw`^(?:\d{4}-\d\d-\d\d(?:[T ][\d:.,]{1,20}(?:Z|[+-][\d:]{2,5})?)?`,
    String.raw`[a-z][a-z\d+.-]{1,20}://[^\s?@#]*`,
    String.raw`\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?`,
    'arn:[\\w:/.*-]+',
    String.raw`(?:~|\.{1,2}|[A-Za-z]:)?[\\/][\w.@ \\/+-]*`,
    String.raw`[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+`,
    String.raw`(?:application|text|image|multipart)/[\w.+-]+)$`,
  ].join('|'),
)

/** Members that hold the secret itself where the object has its name (`session: { id }`, `credit_card: { number }`). */
const HOLDING = /^(?:id|key|code|number|no|num|value|data|raw|hash|content|text|string|body|payload|secret)$/i
/** Beyond this an object is not searched: it is hidden. */
const MOST_MEMBERS = 60
const DEEPEST = 4

/** Whether an object under a secret name has no secret inside, so that it is no secret itself (`session: { started: true }`). */
export function isHarmlessObject(value: object, isSecret: (key: string, value: unknown) => boolean): boolean {
  let left = MOST_MEMBERS
  const isFree = (object: object, depth: number): boolean => {
    if (!isBag(object) || depth > DEEPEST) return false
    return Object.entries(Object.getOwnPropertyDescriptors(object)).every(([key, { enumerable, value: held, get }]) => {
      if (enumerable !== true) return true
      if (--left < 0 || get !== undefined || isSecret(key, held)) return false
      if (typeof held === 'object' && held !== null) return types.isDate(held) || isFree(held, depth + 1)
      if (typeof held === 'number') return Math.abs(held) < MOST_COUNTED || !Number.isInteger(held) || isTime(held)
      if (typeof held !== 'string') return typeof held !== 'bigint' && typeof held !== 'symbol'
      return isIdOfAnother(key) || (!(HOLDING.test(key) && held !== '') && !looksMade(held))
    })
  }
  try {
    return isFree(value, 1)
  } catch {
    return false
  }
}

/** `user_id`, `requestId`. */
function isIdOfAnother(key: string): boolean {
  return /[a-z](?:_id|-id|Id|ID)$/.test(key)
}

/** An object that is walked by its own members, and by nothing that it computes. */
function isBag(object: object): boolean {
  if (types.isProxy(object) || Array.isArray(object) || types.isBoxedPrimitive(object)) return false
  if (Object.prototype.toString.call(object) !== '[object Object]') return false
  return typeof (object as { toJSON?: unknown }).toJSON !== 'function'
}

/** Seconds or milliseconds since 1970, of this century. */
function isTime(value: number): boolean {
  return (value >= 9e8 && value < 4.2e9) || (value >= 9e11 && value < 4.2e12)
}
