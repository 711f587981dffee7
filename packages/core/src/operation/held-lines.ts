import type { LineEncoder } from '../encode/line.js'
import type { LogRecord } from '../encode/record.js'
import { LEVELS } from '../levels/level.js'

/** Writes an operation's lines when they are released. */
export interface LineTarget {
  readonly encoder: LineEncoder
  writeHeld(line: HeldLine, sampleRate: number | undefined): void
}

/** A line that waits for its operation's outcome. */
export interface HeldLine {
  readonly target: LineTarget
  /** The call, with a copy of its fields. */
  readonly record: LogRecord
  /** The encoded line, where the fields hold objects that the application may change after the call. */
  readonly text: string | undefined
  readonly bytes: number
  /** Below the logger's level: written only when the operation is kept for a reason. */
  readonly belowLevel: boolean
}

/** What all operations of a logger together hold. */
export class HeldTotal {
  bytes = 0
  lines = 0
  /** Those that hold something, the longest-held first. */
  readonly holders = new Set<HeldLines>()

  constructor(readonly maxBytes: number) {}

  /**
   * Over the bound the lowest level goes first, whoever holds it, and of that what is held longest: an operation that hangs
   * must not cost another one its lines. Some room more than needed is made, so that not every line has to make its own.
   */
  makeRoom(): void {
    const enough = this.maxBytes * 0.875
    for (const level of Object.values(LEVELS)) {
      for (const holder of this.holders) {
        if (this.bytes <= enough) return
        holder.dropLevel(level)
      }
    }
  }
}

/**
 * The lines that one operation holds, in their order. Over its bound its own lowest level goes first, the oldest of it, and
 * is counted.
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

  /** @param bytes What holding the call takes, or -1 where the fields could change and the encoded line is held. */
  add(target: LineTarget, record: LogRecord, bytes: number, belowLevel: boolean): void {
    const { level, ms, bindings, context, event } = record
    const text = bytes === -1 ? target.encoder.line(record, false) : undefined
    const fields = text === undefined && record.fields !== undefined ? { ...record.fields } : undefined
    const message = text === undefined ? record.message : ''
    const copy: LogRecord = { level, ms, bindings, context, message, fields, event }
    const size = text === undefined ? bytes : text.length
    if (this.lines.length === 0) this.total.holders.add(this)
    this.lines.push({ target, record: copy, text, bytes: size, belowLevel })
    this.count(size, 1)
    while (this.bytes > this.maxBytes) this.dropLowest()
    if (this.total.bytes > this.total.maxBytes) this.total.makeRoom()
  }

  /** Takes all lines out, in their order. */
  takeAll(): readonly HeldLine[] {
    const { lines } = this
    if (lines.length === 0) return lines
    this.count(-this.bytes, -lines.length)
    this.lines = []
    this.total.holders.delete(this)
    return lines
  }

  /** Drops every line of a level. */
  dropLevel(level: number): void {
    const kept = this.lines.filter((line) => line.record.level !== level)
    this.dropped += this.lines.length - kept.length
    if (kept.length < this.lines.length) this.replace(kept)
  }

  private dropLowest(): void {
    let at = 0
    for (const [i, line] of this.lines.entries()) if (line.record.level < (this.lines[at]?.record.level ?? 0)) at = i
    const [line] = this.lines.splice(at, 1)
    this.dropped++
    this.count(-(line?.bytes ?? 0), -1)
    if (this.lines.length === 0) this.total.holders.delete(this)
  }

  private replace(lines: HeldLine[]): void {
    const bytes = lines.reduce((sum, line) => sum + line.bytes, 0)
    this.count(bytes - this.bytes, lines.length - this.lines.length)
    this.lines = lines
    if (lines.length === 0) this.total.holders.delete(this)
  }

  private count(bytes: number, lines: number): void {
    this.bytes += bytes
    this.total.bytes += bytes
    this.total.lines += lines
  }
}

/** What the call itself and the array's slot take, beside the text. */
const LINE_OVERHEAD = 120

/** The default of `maxLineBytes`. */
const LARGEST = 16 * 1024

/**
 * About what it takes to hold these fields as they are, or -1 when they cannot be: something in them could change before
 * they are written, or is larger than what is written of it. Copies of flat fields cost a third of their encoding
 * (bench `operation`).
 */
export function flatSize(fields: object | undefined, message: string): number {
  let bytes = LINE_OVERHEAD + message.length
  try {
    for (const key in fields) {
      const value = (fields as Record<string, unknown>)[key]
      if (typeof value === 'string') bytes += value.length + key.length
      else if (typeof value === 'object' ? value !== null : typeof value === 'function') return -1
      else bytes += 16 + key.length
    }
  } catch {
    // A getter or a proxy that throws: the encoder reads entry by entry, with a marker in each place.
    return -1
  }
  // What is larger than a line may be is held as the line that it comes to.
  return bytes > LARGEST ? -1 : bytes
}
