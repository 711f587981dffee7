/**
 * Which keys are secret by their name.
 *
 * A key is split into words (`creditCard`, `CREDIT-CARD`, `credit_card` and `credit.card` all give "credit card") and is
 * secret when its last words, joined, are a listed name: `user_password`, `stripe_api_key`, `x-auth-token`. So a name that
 * merely contains one stays readable: in `password_changed_at`, `token_count` and `author` the last word is another. The
 * words in `ENDINGS` count without a boundary before them too, for names written as one word (`dbpassword`).
 */
export type NameRule = (key: string) => string | undefined

/** Listed by what they are; the reason for each group stands in the docs' list of redacted keys. */
export const DEFAULT_NAMES: readonly string[] = [
  // Credentials.
  ...[
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'pwd',
    'pw',
    'pass',
    'secret',
    'credential',
    'pin',
    'otp',
    'totp',
  ],
  ...['one_time_code', 'security_answer', 'recovery_code', 'backup_code', 'mfa_code', 'verification_code'],
  // Tokens and sessions.
  ...['token', 'jwt', 'bearer', 'authorization', 'proxy_authorization', 'auth', 'cookie', 'set_cookie', 'session'],
  ...['session_id', 'sessid', 'sid', 'csrf', 'xsrf', 'nonce_secret', 'saml_response', 'saml_assertion', 'assertion'],
  // Keys.
  ...[
    'api_key',
    'private_key',
    'secret_key',
    'access_key',
    'access_key_id',
    'encryption_key',
    'signing_key',
    'master_key',
  ],
  ...[
    'client_secret',
    'shared_key',
    'storage_key',
    'account_key',
    'ssh_key',
    'license_key',
    'webhook_secret',
    'hmac_key',
  ],
  ...['connection_string', 'database_url', 'dsn', 'private_key_pem', 'keystore', 'signature_key'],
  // Cards and bank accounts (PCI DSS 3.2: the number, and never the verification code).
  ...['card_number', 'credit_card', 'credit_card_number', 'debit_card', 'card_no', 'cc_number', 'ccnum', 'pan'],
  ...['cvv', 'cvv2', 'cvc', 'cvc2', 'csc', 'card_verification', 'card_security_code', 'track_data', 'account_number'],
  ...['routing_number', 'iban', 'bban'],
  // Numbers that states know people by.
  ...[
    'ssn',
    'social_security_number',
    'sin',
    'national_id',
    'national_insurance_number',
    'passport',
    'passport_number',
  ],
  ...['tax_id', 'taxpayer_id', 'tin', 'drivers_license', 'driver_license', 'driving_licence', 'nino', 'dni', 'cpf'],
]

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
]

/** Plurals hold secrets when they are lists or text; as numbers they are counts (`max_tokens: 4096`). */
export const PLURAL_SUFFIX = '[]'

export function compileNames(names: readonly string[]): NameRule {
  const listed = new Set(names.map((name) => wordsOf(name).join('')))
  const endings = ENDINGS.filter((ending) => listed.has(ending))
  const singular = (key: string): string | undefined => {
    const words = wordsOf(key)
    for (let i = 0; i < words.length; i++) {
      const tail = words.slice(i).join('')
      if (listed.has(tail)) return tail
    }
    const joined = words.join('')
    return endings.find((ending) => joined.endsWith(ending))
  }
  return (key) => {
    // Longer than any name a person gives: data, and not worth splitting into words.
    if (key.length > 200) return undefined
    const rule = singular(key)
    if (rule !== undefined || !/s$/i.test(key)) return rule
    const plural = singular(key.replace(/s$/i, ''))
    return plural === undefined ? undefined : plural + PLURAL_SUFFIX
  }
}

/** The words of a key, in lower case: split at separators and where a capital begins a word. */
function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
