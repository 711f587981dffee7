import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { decodeSegment, HEADER_BYTES, readHeader } from './record.js'

/** A larger file is no segment of ours. It may be sparse: 3 GiB that take no room on the disk, but in memory. */
export const MOST_FILE_BYTES = 128 * 1024 * 1024

/** Windows has neither. Without waiting: a named pipe that nobody writes to would be waited for. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** What a file named like a segment is. */
export type Found =
  | { readonly kind: 'segment'; readonly level: number; readonly bytes: number }
  /** Of a version that this one cannot read. */
  | { readonly kind: 'newer' }
  /** Its writer died before the header was whole: it contains no line. */
  | { readonly kind: 'empty' }
  /** It cannot be read, or is no segment: another program's file, a link, a folder, a named pipe. */
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Looks at a file's header, and at no more of it where the header is whole. Never throws. */
export function inspect(path: string): Found {
  try {
    const fd = openRegular(path)
    try {
      const { size } = fstatSync(fd)
      const start = Buffer.alloc(Math.min(HEADER_BYTES, size))
      const { kind, level } = readHeader(start.subarray(0, readSync(fd, start, 0, start.length, 0)))
      if (kind === 'newer') return { kind }
      if (kind === 'torn') return { kind: 'empty' }
      if (size > MOST_FILE_BYTES) return { kind: 'unreadable', reason: `${size} bytes` }
      if (kind === 'ours') return { kind: 'segment', level, bytes: size }
      // The header is damaged, or it is no segment at all: then it has no record.
      const [first] = decodeSegment(readAll(fd, size)).entries.levels
      return first === undefined
        ? { kind: 'unreadable', reason: 'no segment' }
        : { kind: 'segment', level: first, bytes: size }
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) }
  }
}

/** The bytes of a segment. @throws what the system says; an error when it is no regular file, or too large. */
export function readFileSafelySync(path: string): Buffer {
  const fd = openRegular(path)
  try {
    return readAll(fd, checkedSize(fstatSync(fd).size))
  } finally {
    closeSync(fd)
  }
}

/** The same, without holding up the event loop. */
export async function readFileSafely(path: string): Promise<Buffer> {
  const file = await open(path, FLAGS)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw notRegular()
    checkedSize(stat.size)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** Why a file cannot be read, for a message. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}

function openRegular(path: string): number {
  // Where links can be refused by no flag, and since a device may act on being opened.
  if (!lstatSync(path).isFile()) throw notRegular()
  const fd = openSync(path, FLAGS)
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  throw notRegular()
}

function readAll(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  for (let read = -1; read !== 0 && at < size; at += read) read = readSync(fd, bytes, at, size - at, at)
  return bytes.subarray(0, at)
}

function checkedSize(size: number): number {
  if (size > MOST_FILE_BYTES) throw new Error(`${size} bytes`)
  return size
}

function notRegular(): Error {
  return new Error('no regular file')
}
