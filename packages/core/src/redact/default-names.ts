/**
 * The keys that are secret by default, by what they are. The docs' page on redaction gives each group's reason; a test
 * compares the two.
 *
 * A name is listed in the form that people write it, with `_` between its words; `compileNames` says which keys it covers.
 */
export const DEFAULT_GROUPS: Readonly<Record<string, readonly string[]>> = {
  passwords: words(`
    password passwd passphrase passcode pwd pw pass db_pass dbpass userpass dbpwd secret credential
    password_confirmation password_confirm password_repeat password_again password_hash password_digest password_salt
    password_plain password_value secret_value htpasswd kubeconfig netrc creds pass_hash pwd_hash secret_hash
    password_plaintext password_text`),
  one_time_codes: words(`
    pin otp totp one_time_code security_answer secret_answer recovery_code backup_code mfa_code two_factor_code 2fa_code
    verification_code confirmation_code reset_code auth_code login_code sms_code magic_link invite_link reset_link reset_url
    otp_code totp_code`),
  tokens: words(`
    token jwt bearer authorization proxy_authorization authorization_header auth auth_header authorization_code
    code_verifier device_code client_assertion saml_response saml_assertion assertion token_value csrf xsrf oauth_code`),
  sessions: words(`
    cookie set_cookie cookie_header session session_id sess_id sessid sid phpsessid jsessionid aspsessionid`),
  keys: words(`
    api_key app_key application_key auth_key authentication_key access_key access_key_id secret_key private_key
    private_key_pem client_secret consumer_key encryption_key decryption_key signing_key signature_key master_key
    shared_key session_key storage_key account_key service_key service_account_key server_key subscription_key
    functions_key integration_key license_key ssh_key tls_key ssl_key rsa_key pgp_key gpg_key aes_key hmac_key
    webhook_secret keystore pfx mnemonic seed_phrase recovery_phrase wallet_seed secret_key_base psk`),
  addresses: words(`
    connection_string conn_string database_url database_uri db_url db_uri postgres_url postgresql_url mysql_url
    mongo_url mongo_uri mongodb_url mongodb_uri redis_url amqp_url rabbitmq_url broker_url jdbc_url dsn webhook_url
    signed_url presigned_url sas_url amz_signature goog_signature shared_access_signature`),
  cards: words(`
    card_number credit_card credit_card_number debit_card card_no cc_number ccnum pan primary_account_number
    cvv cvc csc cvn card_verification card_security_code card_verification_value card_verification_code
    track_data track1_data track2_data magstripe pin_block security_code`),
  bank_accounts: words(`
    account_number bank_account acct_number acct_no routing_number iban bban sort_code`),
  identity_numbers: words(`
    ssn social_security_number social_security sin national_id national_insurance_number national_identification_number
    passport passport_number passport_no tax_id taxpayer_id tin itin drivers_license driver_license driving_licence
    driving_license license_number nino dni cpf curp aadhaar aadhaar_number nhs_number
    personnummer bsn pesel codice_fiscale steuer_id`),
}

export const DEFAULT_NAMES: readonly string[] = Object.values(DEFAULT_GROUPS).flat()

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
