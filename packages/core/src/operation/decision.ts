/**
 * The sampling decision: the same id gives the same answer in every service and every process, and what a lower rate
 * keeps, a higher rate keeps too. Both come from one comparison: the id is hashed to a number, and it is kept when the
 * number reaches the rate's threshold.
 */
export type Decision = (id: string) => boolean

const TWO_32 = 0x1_0000_0000

/** Keeps the ids whose hash lies in the upper `rate` of its range. */
export function byRequestId(rate: number): Decision {
  if (rate >= 1) return () => true
  if (rate <= 0) return () => false
  const threshold = (1 - rate) * TWO_32
  return (id) => hash(id) >= threshold
}

/**
 * FNV-1a over the UTF-16 units, then the finalizer of MurmurHash3, since FNV alone spreads the last characters badly and
 * ids often differ only there (`req-1`, `req-2`). Not for anything an attacker must not steer: who picks his own request id
 * picks whether it is kept.
 */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/**
 * OpenTelemetry's consistent probability sampling: the last 56 bits of a trace id are its randomness (W3C Trace Context
 * level 2), and it is kept when they reach the rejection threshold, 2^56 times one minus the rate. Compared in two halves of
 * 28 bits, since a double holds 53.
 */
export function byTraceId(rate: number): Decision {
  if (rate >= 1) return () => true
  if (rate <= 0) return () => false
  const threshold = BigInt(Math.round((1 - rate) * 2 ** 56))
  const high = Number(threshold >> 28n)
  const low = Number(threshold & 0xfffffffn)
  return (traceId) => {
    const start = traceId.length - 14
    const upper = Number.parseInt(traceId.slice(start, start + 7), 16)
    if (upper !== high) return upper > high
    return Number.parseInt(traceId.slice(start + 7), 16) >= low
  }
}
