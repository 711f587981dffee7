import { crc32 } from 'node:zlib'
import { type Entries, type Entry, entriesOf } from '../entry.js'

/**
 * A segment is a header and records. All numbers are little-endian.
 *
 * ```
 * header   "TLSPOOL", version u8, level u8, 7 bytes of zero
 * record   length of the line in bytes u32, CRC-32 of what follows u32, number of the record in the segment u32,
 *          milliseconds f64, nanoseconds u32, level u8, the line
 * ```
 */
const MAGIC = Buffer.from('TLSPOOL')
const VERSION = 1
/** A version byte beyond this one is damage, not a version. */
const MOST_VERSION = 15
export const HEADER_BYTES = 16
const RECORD_BYTES = 25
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

/** `newer` is of a version that this one cannot read; `torn` is a header whose writer died; `none` is of no spool. */
export type HeaderKind = 'ours' | 'newer' | 'torn' | 'none'

/** Reads a file's first bytes. */
export function readHeader(bytes: Buffer): { readonly kind: HeaderKind; readonly level: number } {
  const start = headerOf(0).subarray(0, Math.min(bytes.length, MAGIC.length + 1))
  const isSpool = bytes.subarray(0, MAGIC.length).equals(MAGIC)
  if (bytes.length < HEADER_BYTES) {
    return { kind: bytes.subarray(0, start.length).equals(start) ? 'torn' : 'none', level: 0 }
  }
  const version = bytes[MAGIC.length] as number
  if (!isSpool || version === 0 || version > MOST_VERSION) return { kind: 'none', level: 0 }
  return { kind: version > VERSION ? 'newer' : 'ours', level: bytes[MAGIC.length + 1] as number }
}

/** What records take at the most. */
function roomFor(entries: readonly Pick<Entry, 'line'>[]): number {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  return entries.reduce((bytes, { line }) => bytes + RECORD_BYTES + 3 * line.length, 0)
}

/** Encoded here as long as it fits: writes are synchronous. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * The records of entries; good until the next call.
 *
 * @param first The number of the first record in its segment.
 */
export function encodeRecords(entries: readonly Omit<Entry, 'drops'>[], first = 0): Buffer {
  const room = roomFor(entries)
  const target = room <= scratch.length ? scratch : Buffer.allocUnsafe(room)
  let at = 0
  for (const [i, { line, level, ms, ns }] of entries.entries()) {
    const length = target.write(line, at + RECORD_BYTES)
    target.writeUInt32LE(length, at)
    target.writeUInt32LE(first + i, at + 8)
    target.writeDoubleLE(ms, at + 12)
    target.writeUInt32LE(ns, at + 20)
    target[at + 24] = level
    const end = at + RECORD_BYTES + length
    target.writeUInt32LE(crc32(target.subarray(at + CHECKED_FROM, end)), at + 4)
    at = end
  }
  return target.subarray(0, at)
}

/** What a segment contains. */
export interface Decoded {
  readonly entries: Entries
  /** Lines that are known to be missing: by the numbers of the records around them, and at least one at a damaged end. */
  readonly missing: number
  /** Whether anything in the bytes is no whole record: then a line may be missing or not. */
  readonly isDamaged: boolean
}

/**
 * Reads the records of a segment. After a damaged one it goes on at the next whose checksum holds. A damaged header does
 * not matter: each record has its level.
 *
 * @param lines How many lines it had, where that is known.
 */
export function decodeSegment(bytes: Buffer, lines?: number): Decoded {
  const found: Omit<Entry, 'drops'>[] = []
  let next = 0
  let missing = 0
  let isDamaged = readHeader(bytes).kind !== 'ours'
  let end = isDamaged ? 0 : HEADER_BYTES
  for (let at = end; at < bytes.length; at = nextRecord(bytes, end, next)) {
    if (at > end) isDamaged = true
    end = at
    for (let record = recordAt(bytes, end); record !== undefined; record = recordAt(bytes, end)) {
      missing += Math.max(record.number - next, 0)
      next = record.number + 1
      found.push(record.entry)
      end = record.end
    }
  }
  if (end < bytes.length) {
    isDamaged = true
    missing++
  }
  missing = Math.max(missing, (lines ?? 0) - found.length)
  return { entries: entriesOf(found), missing, isDamaged: isDamaged || missing > 0 }
}

interface RecordFound {
  readonly entry: Omit<Entry, 'drops'>
  readonly number: number
  readonly end: number
}

/** The record that begins at a place, if a whole one does. */
function recordAt(bytes: Buffer, at: number): RecordFound | undefined {
  if (at + RECORD_BYTES > bytes.length) return undefined
  const length = bytes.readUInt32LE(at)
  const end = at + RECORD_BYTES + length
  if (length > MOST_LINE_BYTES || end > bytes.length) return undefined
  if (crc32(bytes.subarray(at + CHECKED_FROM, end)) !== bytes.readUInt32LE(at + 4)) return undefined
  return {
    entry: {
      line: bytes.toString('utf8', at + RECORD_BYTES, end),
      level: bytes[at + 24] as number,
      ms: bytes.readDoubleLE(at + 12),
      ns: bytes.readUInt32LE(at + 20),
    },
    number: bytes.readUInt32LE(at + 8),
    end,
  }
}

/** A block of a disk, as a machine that lost its power leaves it. */
const ZEROS = Buffer.alloc(4096)
/** Checksums of places that only look like a record may take so many times the file's size; damage never takes as much. */
const MOST_CHECKED = 16

/**
 * Where the first whole record after a damaged one begins; the end of the bytes when there is none. A line of JSON cannot
 * contain a record: it has no zero bytes.
 */
function nextRecord(bytes: Buffer, from: number, number: number): number {
  const most = number + Math.floor((bytes.length - from) / RECORD_BYTES)
  let left = bytes.length * MOST_CHECKED
  for (let at = from; at + RECORD_BYTES <= bytes.length && left > 0; at++) {
    const length = bytes.readUInt32LE(at)
    if (length === 0 && bytes.subarray(at, at + ZEROS.length).equals(ZEROS)) {
      // A record may begin in its last three bytes, those of a length whose lowest byte is zero.
      at += ZEROS.length - 4
      continue
    }
    const candidate = bytes.readUInt32LE(at + 8)
    if (candidate < number || candidate > most || at + RECORD_BYTES + length > bytes.length) continue
    left -= length
    if (recordAt(bytes, at) !== undefined) return at
  }
  return bytes.length
}
