/**
 * Ids with separators, whose digits may add up to a card's or an account's number by chance: UUIDs (RFC 9562) and a
 * `traceparent` (W3C Trace Context).
 */
const ID =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?![0-9a-f])/gi
/** Of a traceparent. */
const LONGEST = 55

/** Whether a part of a text is a part of an id, or begins or ends in one. */
export function touchesId(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - LONGEST)
  for (const { 0: id, index } of text.slice(from, end + LONGEST).matchAll(ID)) {
    if (from + index < end && from + index + id.length > start) return true
  }
  return false
}
