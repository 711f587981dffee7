/** A duration or a size, as `--where` reads `1s` and `10MB`. */
export class Quantity {
  private constructor(
    readonly text: string,
    readonly kind: Kind,
    /** In milliseconds or in bytes. */
    readonly amount: number,
  ) {}

  /** `1.5s`, `1h30m`, `10MB`; `undefined` for any other text. */
  static parse(text: string): Quantity | undefined {
    const kind = DURATION.test(text) ? 'duration' : SIZE.test(text) ? 'size' : undefined
    if (kind === undefined) return undefined
    let amount = 0
    for (const [, number, unit = ''] of text.matchAll(/([\d.]+)([A-Za-zµ]+)/gy))
      amount += Number(number) * (kind === 'duration' ? (DURATIONS[unit] ?? 0) : sizeOf(unit))
    return new Quantity(text, kind, amount)
  }

  toString(): string {
    return this.text
  }
}

export type Kind = 'duration' | 'size'

const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+$/
/** Units by the powers of 1000, and of 1024 where they have an `i` (IEC 80000-13). */
const SIZE = /^\d+(?:\.\d+)?(?:[kKMGTP]i?)?[bB]$/

/** In milliseconds. */
const DURATIONS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

function sizeOf(unit: string): number {
  const power = 'BKMGTP'.indexOf((unit[0] ?? '').toUpperCase())
  return (unit[1] === 'i' ? 1024 : 1000) ** power
}

/** The ends of names that say what their numbers are of, and how many milliseconds or bytes one is. */
const UNITS: readonly (readonly [end: RegExp, kind: Kind, factor: number])[] = [
  [/(?:_ns|_nanos|_nanoseconds|Ns|Nanos)$/, 'duration', 1e-6],
  [/(?:_us|_micros|_microseconds|Us|Micros)$/, 'duration', 1e-3],
  [/(?:_ms|_millis|_milliseconds|Ms|Millis|responseTime)$/, 'duration', 1],
  [/(?:_s|_secs?|_seconds|Seconds|Secs?)$/, 'duration', 1000],
  [/(?:_minutes|_mins?)$/, 'duration', 60_000],
  [/(?:_hours)$/, 'duration', 3_600_000],
  [/(?:_bytes|Bytes|_size|Size|content_length|contentLength)$/, 'size', 1],
  [/(?:_kb|_KB|Kb|KB)$/, 'size', 1000],
  [/(?:_kib|_KiB|KiB)$/, 'size', 1024],
  [/(?:_mb|_MB|Mb|MB)$/, 'size', 1e6],
  [/(?:_mib|_MiB|MiB)$/, 'size', 1024 ** 2],
]

/** What a field's numbers are, by its name. */
export interface Unit {
  readonly kind: Kind
  /** Milliseconds or bytes. */
  readonly factor: number
}

export function unitOfField(field: string): Unit | undefined {
  // `duration_ms_p95` of a summary line has its unit within.
  const name = field.replace(/_(?:sum|min|max|avg|mean|p\d+)$/, '')
  const found = UNITS.find(([end]) => end.test(name))
  if (found === undefined) return name === 'bytes' ? { kind: 'size', factor: 1 } : undefined
  return { kind: found[1], factor: found[2] }
}
