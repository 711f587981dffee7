import { crc32 } from 'node:zlib'
import { type Entries, type Entry, entriesOf } from '../entry.js'

/**
 * A segment is a header and records. All numbers are little-endian.
 *
 * ```
 * header   "TLSPOOL", version u8, level u8, 7 bytes of zero
 * record   length of the line in bytes u32, CRC-32 of what follows u32, milliseconds f64, nanoseconds u32, the line
 * ```
 */
const MAGIC = Buffer.from('TLSPOOL')
const VERSION = 1
export const HEADER_BYTES = 16
const RECORD_BYTES = 20
/** Where in a record its checksum begins to count. */
const CHECKED_FROM = 8
/** A length beyond this is no length: lines are at most 16 MiB. */
const MOST_LINE_BYTES = 64 * 1024 * 1024

export function headerOf(level: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header[MAGIC.length] = VERSION
  header[MAGIC.length + 1] = level
  return header
}

/** What a file's first bytes say: `newer` is of a version that this one cannot read, `none` of no spool or cut short. */
export function readHeader(bytes: Buffer): { readonly kind: 'ours' | 'newer' | 'none'; readonly level: number } {
  const isSpool = bytes.length >= HEADER_BYTES && bytes.subarray(0, MAGIC.length).equals(MAGIC)
  if (!isSpool) return { kind: 'none', level: 0 }
  const version = bytes[MAGIC.length] as number
  return { kind: version > VERSION ? 'newer' : 'ours', level: bytes[MAGIC.length + 1] as number }
}

/** What records take at the most. */
function roomFor(entries: readonly Pick<Entry, 'line'>[]): number {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  return entries.reduce((bytes, { line }) => bytes + RECORD_BYTES + 3 * line.length, 0)
}

/** Encoded here as long as it fits: writes are synchronous. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024)

/** The records of entries; good until the next call. */
export function encodeRecords(entries: readonly Pick<Entry, 'line' | 'ms' | 'ns'>[]): Buffer {
  const room = roomFor(entries)
  const target = room <= scratch.length ? scratch : Buffer.allocUnsafe(room)
  let at = 0
  for (const { line, ms, ns } of entries) {
    const length = target.write(line, at + RECORD_BYTES)
    target.writeUInt32LE(length, at)
    target.writeDoubleLE(ms, at + CHECKED_FROM)
    target.writeUInt32LE(ns, at + CHECKED_FROM + 8)
    const end = at + RECORD_BYTES + length
    target.writeUInt32LE(crc32(target.subarray(at + CHECKED_FROM, end)), at + 4)
    at = end
  }
  return target.subarray(0, at)
}

/** What a segment holds up to the first record that is not whole, and where that begins. */
export function decodeSegment(bytes: Buffer): { readonly entries: Entries; readonly end: number } {
  const { level } = readHeader(bytes)
  const found: Omit<Entry, 'drops'>[] = []
  let at = HEADER_BYTES
  while (at + RECORD_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at)
    const end = at + RECORD_BYTES + length
    if (length > MOST_LINE_BYTES || end > bytes.length) break
    if (crc32(bytes.subarray(at + CHECKED_FROM, end)) !== bytes.readUInt32LE(at + 4)) break
    found.push({
      line: bytes.toString('utf8', at + RECORD_BYTES, end),
      level,
      ms: bytes.readDoubleLE(at + CHECKED_FROM),
      ns: bytes.readUInt32LE(at + CHECKED_FROM + 8),
    })
    at = end
  }
  return { entries: entriesOf(found), end: Math.min(at, bytes.length) }
}
