import { BEGINNING, type Detector, eachMatch, times } from './detector.js'

/**
 * Keys of cloud and software services that bear a prefix of their own.
 *
 * False positives: the prefix, the alphabet and the length must be the issuer's, and the rest must be as mixed as a random
 * text is (at least 2.8 bits of Shannon entropy a character, counted in the text itself, so that `AKIAXXXXXXXXXXXXXXXX` and
 * `sk_test_xxxxxxxxxxxxxxxx` in documentation stay). Secrets without a prefix, such as an AWS secret access key, are found
 * by the name beside them (`assignment`) or not at all.
 */
export const cloudKey: Detector = {
  name: 'cloudKey',
  hint: `${times(16, '[A-Za-z0-9_-]')}|[A-Za-z0-9+/]==|\\dQ~`,
  find(text, report) {
    eachMatch(KEY, text, (match) => {
      const secret = match[0].slice(match[0].search(/[_-]|\d/) + 1)
      if (entropy(secret.length < 12 ? match[0] : secret) >= LEAST_ENTROPY) {
        report(match.index, match.index + match[0].length)
      }
    })
  },
}

const LEAST_ENTROPY = 2.8

/** One pattern for each issuer, of lengths that are bounded or run to the end of their alphabet. */
const ISSUERS: readonly string[] = [
  // AWS: access key ids of users, roles and others; the secret part has no prefix.
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])',
  // AWS Bedrock
  'ABSK[A-Za-z0-9+/]{80,}',
  // Google: API key, OAuth access token, client secret, refresh token
  'AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])',
  'ya29\\.[A-Za-z0-9_.-]{20,}',
  'GOCSPX-[A-Za-z0-9_-]{28}',
  '1//0[A-Za-z0-9_-]{40,}',
  // Azure: storage and Cosmos keys (64 bytes in base64), Entra client secrets, DevOps
  '[A-Za-z0-9+/]{86}==',
  '[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}',
  '[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}',
  // GitHub, GitLab, Bitbucket and Atlassian
  'gh[pousr]_[A-Za-z0-9]{36,251}',
  'github_pat_[A-Za-z0-9_]{22,93}',
  'gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_.-]{20,}',
  'ATATT3[A-Za-z0-9_=-]{100,}',
  'ATBB[A-Za-z0-9]{32}',
  // Slack, Discord, Telegram (in a URL behind `/bot`)
  'xox[abeoprs]-[A-Za-z0-9-]{12,}',
  'xoxe\\.xox[bp]-[A-Za-z0-9-]{10,}',
  'xapp-\\d-[A-Z0-9]{8,20}-\\d{8,20}-[a-f0-9]{20,}',
  'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{20,}',
  'discord(?:app)?\\.com/api/webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,}',
  '(?:bot)?\\d{8,10}:AA[A-Za-z0-9_-]{33}',
  // Stripe, Square, PayPal, Shopify, Adyen
  '(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,}',
  'whsec_[A-Za-z0-9+/=]{24,}',
  'sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}',
  'EAAA[A-Za-z0-9_-]{60}',
  'access_token\\$production\\$[a-z0-9]{16}\\$[a-f0-9]{32}',
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}',
  'AQE[a-z]hm[A-Za-z0-9+/=_-]{60,}',
  // Twilio, SendGrid, Mailgun, Mailchimp, Brevo, Postmark
  'SK[a-f0-9]{32}(?![A-Za-z0-9])',
  'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}',
  'key-[a-f0-9]{32}(?![A-Za-z0-9])',
  '[a-f0-9]{32}-us\\d{1,2}(?![A-Za-z0-9])',
  'xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}',
  // Package registries and containers
  'npm_[A-Za-z0-9]{36}',
  'pypi-AgE[A-Za-z0-9_-]{50,}',
  'rubygems_[a-f0-9]{48}',
  'oy2[a-z0-9]{43}(?![A-Za-z0-9])',
  'dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,32}',
  'cio[A-Za-z0-9]{32}(?![A-Za-z0-9])',
  // Models
  'sk-ant-[A-Za-z0-9_-]{20,}',
  'sk-(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{20,}',
  'sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}',
  'sk-[A-Za-z0-9]{32,64}(?![A-Za-z0-9])',
  'hf_[A-Za-z]{34}',
  'r8_[A-Za-z0-9]{37}',
  'gsk_[A-Za-z0-9]{48,56}',
  'xai-[A-Za-z0-9]{60,}',
  // Hosts and infrastructure
  'do[opr]_v1_[a-f0-9]{64}',
  'hv[sbr]\\.[A-Za-z0-9_-]{20,}',
  '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,}',
  'HRKU-[A-Za-z0-9_-]{30,}',
  'fo1_[A-Za-z0-9_-]{40,}',
  'pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,}',
  'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{40,}',
  'dapi[a-f0-9]{32}(?![A-Za-z0-9])',
  'dnapi[a-f0-9]{28,}',
  'sbp_[a-f0-9]{40}',
  'sb_secret_[A-Za-z0-9_-]{20,}',
  'vc[piak]_[A-Za-z0-9]{24,}',
  'rnd_[A-Za-z0-9]{28,}',
  'tskey-(?:auth|api|client|webhook)-[A-Za-z0-9-]{20,}',
  'pul-[a-f0-9]{40}',
  // Observability and work
  'gl(?:c|sa)_[A-Za-z0-9+/=_]{32,}',
  'NRAK-[A-Z0-9]{27}',
  'sntry[su]_[A-Za-z0-9+/=_-]{40,}',
  'lin_api_[A-Za-z0-9]{40}',
  'secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])|ntn_[A-Za-z0-9]{40,}',
  'PMAK-[a-f0-9]{24}-[a-f0-9]{34}',
  'figd_[A-Za-z0-9_-]{40,}',
  'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}',
]

const KEY = new RegExp(`${BEGINNING}(?:${ISSUERS.join('|')})`, 'g')

/** Bits a character, by the frequency of each in the text. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
