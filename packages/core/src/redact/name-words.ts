/** Words of a name beside its secret noun. The docs' page on redaction shows these lists; a test compares the two. */

/** Behind the noun: another form of the same secret (`password_hash`, `token_value`, `password_new`). */
export const FORMS: ReadonlySet<string> = words(`
  value val raw plain plaintext text str string clear cleartext hash hashed digest salt salted enc encrypted encoded cipher
  ciphertext b64 base64 hex pem der jwk sha1 sha256 sha512 md5 bcrypt argon2 hmac new old current cur previous prev orig original
  temp temporary tmp initial default backup primary secondary master confirm confirmation confirmed repeat repeated again retype
  retyped verify copy header headers content data body bytes blob payload code phrase word key number no num nr prod production dev
  development test testing stage staging live sandbox local`)

/** Behind the noun: a fact about the secret (`password_changed_at`, `token_count`, `session_timeout`). One is enough. */
export const FACTS: ReadonlySet<string> = words(`
  at on in by time times date datetime timestamp ts day days hour hours minute minutes second seconds sec secs ms age ttl expiry
  expire expires expired expiring expiration lifetime lifespan duration timeout valid invalid validity until since after before
  window period interval leeway skew
  count counter counts total size length len limit limits quota max min maximum minimum usage used uses budget cost price rate per
  ratio percent score strength entropy complexity rank position index offset bits chars characters digits
  policy policies rule rules requirement requirements required require needed history reuse attempt attempts tries retries retry
  failures lockout
  type types kind category class format algorithm algo alg algs method methods mode scheme protocol provider providers issuer
  audience aud scope scopes grant flow purpose spec version versions variant dialect encoding encryption curve
  name names label title description desc comment note hint placeholder help message msg error errors warning reason nickname alias
  status state result results success failed failure enabled disabled allowed supported present exists exist missing provided
  available active inactive set unset changed change changes updated update created create generated issued rotated rotation rotate
  revoked revoke revocation verified verification validated validation check checks checked checker reset resets sent requested
  received delivered accepted rejected refused denied matched matches match mismatch compromised leaked breached breach strategy
  protected protection locked stored saved remembered
  field fields param params parameter parameters selector input prompt form page screen view button toggle visibility template
  url urls uri uris endpoint endpoints host port path paths file files filename dir directory folder location source src ref refs
  reference arn sid id ids uuid kid prefix suffix last4 last four fingerprint thumbprint bin brand network country bank
  owner holder manager service services server store storage factory handler callback function fn hook middleware parser generator
  validator vault provisioner supplier resolver client agent
  config configuration option options opts setting settings preferences info information metadata meta detail details list map
  schema model table tables column columns bucket pool cache queue stream line row column domain domains consent banner notice jar
  exchange introspection refresh response request requests event events log logs audit feature features plan tier region zone role
  roles permission permissions access security risk tag tags
  namespace identifier engine scan scans scanning alert alerts accuracy generation migration utilization currency dictionary
  autocomplete enrollment enroll challenge claims context criteria summary
  ready pending connected changedat createdat updatedat expiresat expiresin lastused`)

/** Anywhere before the noun: what is there is hidden already. */
export const HIDDEN_ALREADY: ReadonlySet<string> = words('masked redacted obfuscated censored')

/** Before the noun: the name asks or orders, and a boolean answers (`has_password: true`, `reset_password: false`). */
export const VERBS: ReadonlySet<string> = words(`
  is are was has have had having can could should must may will did do does needs need requires require required requiring with
  without no not non use uses using show shows showing hide hides allow allows allowed accept accepts enable enables enabled disable
  disables disabled enforce enforces force forced skip ignore include includes exclude keep save store remember send set unset add
  remove delete create generate change changed changing update expire rotate revoke renew refresh reset forgot forgotten
  lost missing invalid valid validate verify verified check checked support supports supported manage must auto`)

/** Before the noun: a number is an amount (`max_token: 4096`, `num_session: 3`). */
export const AMOUNTS: ReadonlySet<string> = words(
  'max maximum min minimum total num count avg average mean median sum used unused remaining active open expired failed time per cost',
)

/** Directly before an ambiguous noun: it is another thing. */
export const OTHER_THINGS: Readonly<Record<string, ReadonlySet<string>>> = {
  pass: words(`
    boarding bus train rail day week weekly month monthly season annual travel ski lift guest visitor press backstage event game
    match battle hall free first second third fourth next last final single double multi multiple one two low high band all mountain
    render shader compiler compile test tests build lint forward backward bypass through pre post early late did`),
  pin: words(`
    gpio led data clock clk rx tx sda scl cs ss miso mosi sck pwm adc dac analog digital button switch relay sensor motor servo
    trigger echo interrupt irq enable vcc gnd ground input output io board hardware header connector chip pull map drop
    location safety bowling crank king firing lapel row pad signal bus physical wiring bcm`),
  token: words(`
    page next pagination paging continuation cursor idempotency previous prev start starting design syntax lexer lexical punctuation
    keyword identifier operator unexpected comment stop eos bos pad mask special native non_fungible nft erc20 governance utility
    reward payout quote lp security_class`),
  session: words(
    'training yoga therapy coaching study workout gym recording jam photo poster breakout trading plenary class',
  ),
  auth: words('co'),
  pan: words('frying sauce brake oil dust baking roasting camera stereo drip drain pots'),
  sin: words('original mortal deadly cardinal'),
  tin: words('biscuit cake baking cookie tea'),
  cookie: words('fortune chocolate oatmeal christmas'),
  credential: words('verifiable'),
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''))
}
