/** A record's time in milliseconds since the epoch; `undefined` when its timestamp is none. */
export function timeOf(timestamp: unknown): number | undefined {
  if (typeof timestamp !== 'string') return undefined
  const time = Date.parse(timestamp)
  return Number.isNaN(time) ? undefined : time
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/**
 * A moment as people type it: `2024-01-22T10:15`, `2024-01-22`, or how long ago, `90s`, `15m`, `2h`, `1d`. Without a zone
 * it is UTC, as the lines' timestamps are.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const ago = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text.trim())
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0)
  if (!/^\d{4}-\d\d-\d\d/.test(text.trim())) return undefined
  const hasZone = /^.{10}[T ]\d/i.test(text.trim()) && /(?:Z|[+-]\d\d:?\d\d)$/i.test(text.trim())
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text.trim())
  const time = Date.parse(hasZone || isDay ? text.trim() : `${text.trim().replace(' ', 'T')}Z`)
  return Number.isNaN(time) ? undefined : time
}
