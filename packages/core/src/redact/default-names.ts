/**
 * The nouns of the default secrets, by what they are. `names.ts` has the grammar that they stand in; the docs' page on
 * redaction gives each group's reason, and a test compares the two.
 *
 * A noun is written as people write it, with `_` between its words. `a/b c` is short for `a_c b_c`.
 */
export const DEFAULT_GROUPS: Readonly<Record<string, string>> = {
  passwords: `
    password passwd passphrase passcode pwd pw pswd pass secret secret_id credential creds
    root/db/mysql/pg/redis/mongo/user/admin/smtp/mail/ftp/ldap/proxy/auth/login pass
    htpasswd kubeconfig netrc psk passwort kennwort contrasena senha wachtwoord mot_de_passe`,
  one_time_codes: `
    pin otp totp security/secret answer magic/invite/reset/activation/login link reset_url
    one_time/recovery/backup/mfa/two_factor/2fa/verification/confirmation/reset/auth/login/sms/otp/totp/pin/activation/access/unlock/pairing/authentication/invite/invitation/security_token code
    one_time_password otpauth_url otpauth_uri totp_uri totp_secret provisioning_uri`,
  tokens: `
    token jwt bearer authorization proxy_authorization auth authorization/oauth/device code code_verifier
    client_assertion saml_response saml_assertion assertion id_token_hint csrf xsrf github/gitlab/azure/azure_devops/jira pat`,
  sessions: `
    cookie set_cookie session session_id sess_id sessid sid phpsessid jsessionid aspsessionid`,
  keys: `
    root/api/app/application/auth/authentication/access/secret/private/client/consumer/encryption/decryption/signing/signature/master/shared/symmetric/session/storage/account/service/service_account/server/subscription/functions/integration/license/ssh/tls/ssl/rsa/ec/ecdsa/ed25519/dsa/pgp/gpg/aes/des/hmac/jwt/jwe/jws/cookie/token/webhook/admin/deploy/write/ingest/instrumentation/wrapping/unwrapping/sas/stream/recovery/data_encryption/storage_access/vault/unseal/wallet/signer/cipher/derived/ephemeral/decapsulation/dpop/ticket key
    stripe/openai/anthropic/sendgrid/mailgun/mailchimp/twilio/datadog/github/gitlab/slack/algolia/azure/paypal/square/shopify/google_maps/openrouter/mistral/cohere/sentry/rollbar/pagerduty/newrelic key
    access_key_id private_key_pem key_material keying_material client/webhook/consumer/signing/shared secret secret_key_base
    keystore pfx mnemonic seed/recovery/backup phrase wallet_seed`,
  addresses: `
    connection/conn string connection/conn str connection/database/db/postgres/postgresql/mysql/mariadb/mongo/mongodb/redis/amqp/rabbitmq/broker/jdbc url
    connection/database/db/mongo/mongodb/redis/amqp/postgres uri
    dsn webhook/signed/presigned/sas url amz/goog signature shared_access_signature`,
  cards: `
    credit/debit/bank/payment card credit_card/debit_card/card/cc/primary_account number/no/num/nr
    ccnum ccno pan cvv cvv2 cvc cvc2 csc cvn card_verification card_security/security/card_verification code
    card_verification_value track/track1/track2 data magstripe pin_block`,
  bank_accounts: `
    bank_account account/acct/bank_account/routing number/no/num/nr iban bban sort_code`,
  identity_numbers: `
    ssn social_security social_security/social_insurance/national_insurance/national_identification/passport/license/licence/driver_license/drivers_license/nhs/aadhaar/medicare/health_insurance/id_card/identity_card/tax/taxpayer number/no/num/nr
    sin national_id passport tax/taxpayer/steuer id tin itin driver/drivers/driving license driver/drivers/driving licence
    nino dni cpf curp aadhaar personnummer bsn pesel codice_fiscale`,
}

/** The entries of a group's text: `api_key`, `a/b c`. */
export function entriesOf(text: string): readonly string[] {
  const entries: string[] = []
  let open = ''
  for (const token of text.trim().split(/\s+/)) {
    if (open === '' && token.includes('/')) open = token
    else {
      entries.push(open === '' ? token : `${open} ${token}`)
      open = ''
    }
  }
  return entries
}

export const DEFAULT_NAMES: readonly string[] = Object.values(DEFAULT_GROUPS).flatMap((text) =>
  entriesOf(text).flatMap(namesOf),
)

function namesOf(entry: string): readonly string[] {
  const [starts = '', ends] = entry.split(' ')
  if (ends === undefined) return [entry]
  return starts.split('/').flatMap((start) => ends.split('/').map((end) => `${start}_${end}`))
}
