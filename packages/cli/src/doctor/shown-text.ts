import { compileRedaction } from 'throughline/internal'

/** Every detector but the one for names in text: a finding names fields. */
const DETECTORS = ['privateKey', 'jwt', 'credentials', 'cloudKey', 'url', 'creditCard', 'iban', 'email'] as const
const redactor = compileRedaction({ defaults: false, detect: DETECTORS }, { env: {}, count: () => {} })

/** Of a longer word, so many characters are shown at either end. */
const SHOWN_END = 60
const LONGEST_WORD = 160

/** A finding's text as it may be shown: a key may be a secret or an address itself, and of any length. */
export function shownText(text: string): string {
  const detected = (part: string) => redactor?.detect?.(part) ?? part
  // A path's names once more each by itself: a number behind a dot is taken for a fraction.
  const shown = detected(text).split('.').map(detected).join('.')
  return shown.replace(/\S+/g, (word) =>
    word.length > LONGEST_WORD ? `${word.slice(0, SHOWN_END)}…${word.slice(-SHOWN_END)}` : word,
  )
}
