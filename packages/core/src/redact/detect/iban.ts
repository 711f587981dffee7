import { BEGINNING, type Detector, eachMatch, times } from './detector.js'
import { touchesId } from './identifier.js'

/**
 * International bank account numbers (ISO 13616), written as one or in groups of four.
 *
 * False positives: the country must have IBANs, the length must be that country's, so must be that the rest is digits where
 * it is, and the remainder by 97 must be 1. A part of a UUID is none. Of random text of the right shape, one in 97 passes.
 */
export const iban: Detector = {
  name: 'iban',
  hint: `[A-Za-z][A-Za-z]\\d\\d[ \\u00a0-]?${times(4, '[A-Za-z\\d]')}`,
  find(text, report) {
    eachMatch(START, text, (match) => {
      const length = LENGTHS[match[0].slice(0, 2).toUpperCase()]
      const end = length === undefined ? undefined : ibanEnd(text, match.index, length)
      if (end !== undefined && !touchesId(text, match.index, end)) report(match.index, end)
    })
  },
}

const START = new RegExp(`${BEGINNING}[A-Za-z]{2}\\d\\d`, 'g')

/** Where so many letters and digits end, when they are an IBAN. */
function ibanEnd(text: string, start: number, length: number): number | undefined {
  let compact = ''
  let at = start
  let separator: string | undefined
  while (compact.length < length) {
    const character = text[at] ?? ''
    if (/^[A-Za-z\d]$/.test(character)) compact += character
    else if (isGap(character, compact.length, separator)) separator = character
    else return undefined
    at++
  }
  if (/^[A-Za-z\d]/.test(text.slice(at, at + 1))) return undefined
  if (DIGITS_ONLY.has(compact.slice(0, 2).toUpperCase()) && !/^\d+$/.test(compact.slice(2))) return undefined
  return mod97(compact.toUpperCase()) === 1 ? at : undefined
}

/** Groups are of four, and separated alike. */
function isGap(character: string, length: number, separator: string | undefined): boolean {
  if (length % 4 !== 0 || character === '') return false
  return separator === undefined ? ' \u00a0-'.includes(character) : character === separator
}

/** ISO 7064, MOD 97-10: the first four characters go to the end, and letters count from ten. */
function mod97(compact: string): number {
  let rest = 0
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

/** The IBAN registry of SWIFT, release 99, and the countries that use IBANs without being in it. */
const REGISTRY =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
  'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
  'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
  'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 ' +
  'AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 SN28 TD27 TG28'
/** Where the registry has nothing but digits behind the country. */
const DIGITS_ONLY: ReadonlySet<string> = new Set(
  'AE AT BA BE BI CR CZ DE DJ DK EE EG ES FI FO GL HR HU IL IS LT LY ME MN MR NO PL PT RS SD SE SI SK SO ST TL TN VA XK'.split(
    ' ',
  ),
)
const LENGTHS: Readonly<Record<string, number>> = Object.assign(
  Object.create(null),
  Object.fromEntries(REGISTRY.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))])),
)
