/** The last three digits and the zone of every millisecond, so that a new one within a second costs a look-up. */
const MILLISECONDS: readonly string[] = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, '0')}Z`)

let currentMs = Number.NaN
let currentText = ''
let secondStart = Number.NaN
let secondText = ''

/**
 * ISO 8601 in UTC with milliseconds: `2024-01-22T10:15:23.120Z` (RFC 3339, section 5.6).
 *
 * The text is kept for its millisecond and its first twenty characters for their second: `toISOString()` costs more than
 * a whole plain line does (bench `timestamp`). A clock set back is handled: only the very second is reused.
 *
 * @param ms Milliseconds since the epoch, as from `Date.now()`.
 */
export function timestamp(ms: number): string {
  if (ms === currentMs) return currentText
  const offset = ms - secondStart
  if (offset >= 0 && offset < 1000) {
    const end = MILLISECONDS[offset]
    if (end !== undefined) {
      currentMs = ms
      currentText = secondText + end
      return currentText
    }
  }
  return renew(ms)
}

function renew(ms: number): string {
  const date = new Date(ms)
  // A mocked or broken clock must not throw into the application: the epoch is visibly wrong and still a valid time.
  if (Number.isNaN(date.getTime())) return '1970-01-01T00:00:00.000Z'
  const text = date.toISOString()
  const whole = date.getTime()
  secondStart = whole - date.getUTCMilliseconds()
  secondText = text.slice(0, -4)
  currentMs = ms
  currentText = text
  return text
}
