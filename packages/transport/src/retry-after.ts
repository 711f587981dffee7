/** No server is believed that asks for more: its clock or ours may be wrong. */
const MOST_MS = 3_600_000

/** The wait that a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds, or a date); `undefined` when it is neither. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : /[A-Za-z]/.test(text) ? Date.parse(text) - now : Number.NaN
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MOST_MS)
}
