import type { HeldLine } from '../context/store.js'

/** What all operations of a logger together hold. */
export class HeldTotal {
  bytes = 0
  lines = 0

  constructor(readonly maxBytes: number) {}
}

/**
 * The lines that one operation holds, in their order. Bounded by itself and in all: over a bound its own lowest level goes
 * first, the oldest of it, and is counted.
 */
export class HeldLines {
  private lines: HeldLine[] = []
  private bytes = 0
  /** Lines that a bound has cost. */
  dropped = 0

  constructor(
    private readonly maxBytes: number,
    private readonly total: HeldTotal,
  ) {}

  get size(): number {
    return this.lines.length
  }

  add(line: HeldLine): void {
    this.lines.push(line)
    this.count(line.bytes, 1)
    while (this.lines.length > 0 && (this.bytes > this.maxBytes || this.total.bytes > this.total.maxBytes)) {
      this.dropLowest()
    }
  }

  /** Takes all lines out, in their order. */
  takeAll(): readonly HeldLine[] {
    const { lines } = this
    this.count(-this.bytes, -lines.length)
    this.lines = []
    return lines
  }

  private dropLowest(): void {
    let at = 0
    for (const [i, line] of this.lines.entries()) if (line.level < (this.lines[at]?.level ?? 0)) at = i
    const [line] = this.lines.splice(at, 1)
    this.dropped++
    this.count(-(line?.bytes ?? 0), -1)
  }

  private count(bytes: number, lines: number): void {
    this.bytes += bytes
    this.total.bytes += bytes
    this.total.lines += lines
  }
}

/** What the call itself and the array's slot take, beside the text. */
const LINE_OVERHEAD = 120

/**
 * About what it takes to hold these fields as they are, or -1 when they cannot be: something in them could change before
 * they are written. Copies of flat fields cost a third of their encoding (bench `held`).
 */
export function flatSize(fields: object | undefined, message: string): number {
  let bytes = LINE_OVERHEAD + message.length
  for (const key in fields) {
    const value = (fields as Record<string, unknown>)[key]
    if (typeof value === 'string') bytes += value.length + key.length
    else if (typeof value === 'object' ? value !== null : typeof value === 'function') return -1
    else bytes += 16 + key.length
  }
  return bytes
}
