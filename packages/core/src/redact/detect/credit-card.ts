import { type Detector, eachMatch, times } from './detector.js'
import { touchesId } from './identifier.js'

/**
 * Payment card numbers (ISO/IEC 7812), alone or in groups.
 *
 * False positives: a number counts only when an issuer's prefix, that issuer's length and the Luhn check digit all agree,
 * when it stands alone (no letter, digit or decimal point touches it), and when its groups, if any, have one separator
 * and at least three digits each but the last. A part of a UUID or of a `traceparent` is none, nor is a phone number with
 * its `+` (E.164). Thirteen digits in a row are as many as a bar code or a phone number has, and no network issues such cards any
 * more: they count only in groups, or behind a word of payment. Of random numbers of 16 digits, about one in 25 passes: a
 * service whose ids are such numbers should leave this detector off, or list their fields in `allow`.
 */
export const creditCard: Detector = {
  name: 'creditCard',
  hint: `[2-9]\\d\\d${times(10, '[ +\\u00a0\\d-]')}`,
  find(text, report) {
    eachMatch(GROUP, text, (match) => {
      const start = match.index
      if (!beginsHere(text, start)) return
      const end = cardEnd(text, start)
      if (end === undefined || isPhoneNumber(text, start, end) || touchesId(text, start, end)) return
      if (end - start > OLD_LENGTH || PAYMENT.test(text.slice(Math.max(0, start - LONGEST_CONTEXT), start)))
        report(start, end)
    })
  },
}

/** Of Visa's cards until the nineties. */
const OLD_LENGTH = 13
const LONGEST_CONTEXT = 80
const PAYMENT =
  /(?:^|[^A-Za-z])(?:cards?|pan|visa|maestro|cc|ccnum|credit|debit|payments?|pays?|charged?|tokeni[sz]ed?|acct|account)(?![a-z])|card[_-]?n(?:o|um|umber)/i

/** Where digits begin that may be a card's first group. */
const GROUP = /(?<!\d)[2-9]\d{2}/g
const SEPARATORS = ' -+\u00a0'
const LONGEST = 19

const NO_BEGINNING = /[\p{L}.]$/u
const ESCAPE = /\\(?:[nrtbf]|u[0-9A-Fa-f]{4})$/

/** `a4111…` and `0.4111…` are one thing; `card_4111…` and an escaped newline before it are two. */
function beginsHere(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 6), start)
  return !NO_BEGINNING.test(before) || ESCAPE.test(before)
}

/** Where the card number that begins here ends, if one does. At most 37 characters are looked at. */
function cardEnd(text: string, start: number): number | undefined {
  let digits = ''
  let separator = ''
  let inGroup = 0
  let found: number | undefined
  for (let i = start; digits.length <= LONGEST; i++) {
    const character = text[i] ?? ''
    if (character >= '0' && character <= '9') {
      digits += character
      inGroup++
      continue
    }
    if (isCard(digits) && standsFree(text, i)) found = i
    const isSeparator = character !== '' && SEPARATORS.includes(character)
    if (!isSeparator || inGroup < 3 || (separator !== '' && separator !== character)) return found
    separator = character
    inGroup = 0
  }
  return found
}

function standsFree(text: string, end: number): boolean {
  return !/^(?:[\p{L}_]|\.\d)/u.test(text.slice(end, end + 2))
}

/** The shortest card that a `+` may stand before: with fewer digits it is a phone number, which has fifteen at most. */
const LEAST_BEHIND_PLUS = 15

function isPhoneNumber(text: string, start: number, end: number): boolean {
  return text[start - 1] === '+' && end - start < LEAST_BEHIND_PLUS
}

/** Prefixes and lengths as the networks publish them (ISO/IEC 7812 lists them as issuer identification numbers). */
const ISSUERS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  // Visa
  [/^4/, [13, 16, 19]],
  // Mastercard
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  // American Express
  [/^3[47]/, [15]],
  // Diners Club
  [/^3(?:0[0-5]|095|[689])/, [14, 16, 19]],
  // Discover
  [/^6(?:011|4[4-9]|5)/, [16, 19]],
  // JCB
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  // UnionPay
  [/^(?:62|81)/, [16, 17, 18, 19]],
  // Maestro
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [13, 14, 15, 16, 17, 18, 19]],
  // Mir
  [/^220[0-4]/, [16, 17, 18, 19]],
  // RuPay
  [/^(?:508|60|82)/, [16]],
]

function isCard(digits: string): boolean {
  if (digits.length < 13 || digits.length > LONGEST) return false
  return ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) && luhn(digits)
}

/** ISO/IEC 7812-1, annex B. */
function luhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
