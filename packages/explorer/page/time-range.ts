import type { Status } from './api.js'

/** From and to, the end not included, in milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

export const SPANS: readonly (readonly [span: string, title: string])[] = [
  ['5m', 'Last 5 minutes'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
]

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Everything of files; of a Loki, which may hold months, the last hour. */
export function usualRange(status: Status | undefined): string {
  return status?.mode === 'loki' ? '1h' : 'all'
}

/** The range that a text names. */
export function resolveRange(text: string, status: Status | undefined, now = Date.now()): TimeRange {
  const span = /^(\d+)([mhd])$/.exec(text)
  if (span !== null) return { from: now - Number(span[1]) * (UNITS[span[2] ?? ''] ?? 0), to: now }
  const [from, to] = text.split('~').map(Number)
  if (from !== undefined && to !== undefined && to > from) return { from, to }
  const first = Number(status?.from ?? now * 1e6) / 1e6
  const last = Number(status?.to ?? now * 1e6) / 1e6
  return { from: Math.floor(first), to: Math.max(Math.floor(first) + 1000, Math.floor(last) + 1) }
}

export function rangeText({ from, to }: TimeRange): string {
  return `${Math.floor(from)}~${Math.ceil(to)}`
}

/** A step, in seconds, that divides a range into at most so many parts. */
export function stepFor({ from, to }: TimeRange, parts: number): number {
  const least = (to - from) / 1000 / parts
  const steps = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800, 604_800,
  ]
  return steps.find((step) => step >= least) ?? Math.ceil(least)
}

/** Milliseconds as Loki takes them. */
export function nanoseconds(ms: number): string {
  return `${BigInt(Math.round(ms * 1000)) * 1000n}`
}
