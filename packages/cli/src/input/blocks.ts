import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { told, UserError } from '../user-error.js'
import { type Block, BlockAssembler } from './assembler.js'
import { type Compression, commandFor, compressionOf, MAGIC_BYTES } from './compression.js'
import { type Unzipping, unzipped } from './gzip.js'
import type { Source } from './source.js'
import { unzstd } from './zstd.js'

/** What reading needs to know of the rest. */
export interface Reading {
  readonly stdin: Readable
  readonly signal: AbortSignal
  /** How large a block is, where many sources are read at a time. */
  readonly blockBytes?: number
  /** Told of bytes as they leave the disk or the pipe. */
  onBytes?(count: number): void
  /** Told of a source whose compressed content ends too early or is damaged, once what could be read was. */
  onDamage?(source: Source, reason: string): void
}

/**
 * A source's content as blocks of whole lines, whatever it is: file or pipe, compressed or not. Memory is bounded by the
 * longest line. Ends early, and quietly, when the signal is aborted.
 *
 * @throws UserError when the source cannot be read.
 */
export async function* blocksOf(source: Source, reading: Reading): AsyncGenerator<Block, void> {
  const { path } = source
  const onDamage = (reason: string) => reading.onDamage?.(source, reason)
  try {
    if (source.remote !== undefined)
      yield* streamBlocks(counted(source.remote.open(reading.signal, onDamage), reading), { onDamage })
    else if (path === undefined) yield* streamBlocks(piecesOf(reading.stdin, reading), { onDamage })
    else if (await isPlainFile(path)) yield* plainBlocks(path, reading)
    else {
      const open = () => piecesOf(createReadStream(path), { signal: reading.signal })
      yield* streamBlocks(piecesOf(createReadStream(path), reading), { onDamage, again: open }, reading.blockBytes)
    }
  } catch (error) {
    if (reading.signal.aborted) return
    if (error instanceof UserError && source.remote === undefined)
      throw new UserError(`${source.name}: ${error.message}`)
    throw told(source.name, error)
  }
}

async function* counted(pieces: AsyncGenerator<Buffer>, { onBytes }: Reading): AsyncGenerator<Buffer, void> {
  for await (const piece of pieces) {
    onBytes?.(piece.length)
    yield piece
  }
}

async function isPlainFile(path: string): Promise<boolean> {
  // A pipe's first bytes cannot be looked at and put back; and opening it to find out, and closing it again, would end its
  // writer.
  if (!(await stat(path)).isFile()) return false
  const handle = await open(path, 'r')
  try {
    const head = Buffer.alloc(MAGIC_BYTES)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    return compressionOf(head.subarray(0, bytesRead)) === undefined
  } finally {
    await handle.close()
  }
}

/** The quick way: the next block is read while the present one is looked at, and nothing is copied. */
async function* plainBlocks(path: string, { signal, onBytes, blockBytes }: Reading): AsyncGenerator<Block, void> {
  const assembler = new BlockAssembler(blockBytes)
  const handle = await open(path, 'r')
  let pending = fill(handle, assembler)
  try {
    while (!signal.aborted) {
      const { bytesRead } = await pending
      if (bytesRead === 0) break
      onBytes?.(bytesRead)
      const block = assembler.take(bytesRead)
      pending = fill(handle, assembler)
      if (block !== undefined) yield block
    }
    const rest = signal.aborted ? undefined : assembler.end()
    if (rest !== undefined) yield rest
  } finally {
    await pending.catch(() => {})
    await handle.close()
  }
}

function fill(handle: FileHandle, assembler: BlockAssembler): Promise<{ readonly bytesRead: number }> {
  const { room } = assembler
  return handle.read(room, 0, room.length, null)
}

async function* streamBlocks(
  bytes: AsyncGenerator<Buffer>,
  unzipping: Unzipping,
  blockBytes?: number,
): AsyncGenerator<Block, void> {
  const assembler = new BlockAssembler(blockBytes)
  for await (const piece of await content(bytes, unzipping)) {
    for (let at = 0; at < piece.length; ) {
      const count = piece.copy(assembler.room, 0, at)
      at += count
      const block = assembler.take(count)
      if (block !== undefined) yield block
    }
  }
  const rest = assembler.end()
  if (rest !== undefined) yield rest
}

function unreadable(compression: Compression): UserError {
  return new UserError(
    `compressed with ${compression}; accepted: plain text, gzip, zstd. Pipe it: ${commandFor(compression)}`,
  )
}

async function content(bytes: AsyncGenerator<Buffer>, unzipping: Unzipping): Promise<AsyncIterable<Buffer>> {
  let head = Buffer.alloc(0)
  while (head.length < MAGIC_BYTES) {
    const { value, done } = await bytes.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  const whole = withHead(head, bytes)
  const compression = compressionOf(head)
  if (compression === undefined) return whole
  if (compression === 'gzip') return unzipped(whole, unzipping)
  if (compression === 'zstd') return unzstd(whole, unzipping)
  throw unreadable(compression)
}

async function* withHead(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head
  yield* rest
}

async function* piecesOf(
  stream: Readable,
  { signal, onBytes }: Pick<Reading, 'signal' | 'onBytes'>,
): AsyncGenerator<Buffer, void> {
  const stop = () => stream.destroy()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    for await (const piece of stream) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : (piece as Buffer)
      onBytes?.(bytes.length)
      yield bytes
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
