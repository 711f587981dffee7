import { type FileHandle, open, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { told } from '../user-error.js'
import { BlockAssembler } from './assembler.js'
import { type Line, LineReader } from './lines.js'
import type { Source } from './source.js'

/** Looked at so often: what watches files without polling misses changes on network and container file systems. */
const POLL_MS = 200

/** Where to go on in a file that was read before. */
export interface Resumption {
  /** Bytes of it that were read. */
  readonly position: number
  /** Which file it was: another one under its path is read from its start. */
  readonly ino: number
}

/**
 * A file's lines, and those that are added to it until the signal is aborted. Rotation is followed: when the path leads to
 * another file (renamed away and made anew), the old one is read to its end first; when the file is cut (`copytruncate`),
 * it is read from the start again. A path that leads nowhere is waited for.
 *
 * @param from The file's start by default.
 * @throws UserError when the file is there and cannot be read.
 */
export async function* followedLines(
  source: Source,
  path: string,
  signal: AbortSignal,
  from?: Resumption,
): AsyncGenerator<readonly Line[], void> {
  let resumption = from
  try {
    while (!signal.aborted) {
      const handle = await openWhenThere(path, signal)
      if (handle === undefined) return
      try {
        const isSame = resumption !== undefined && (await handle.stat()).ino === resumption.ino
        yield* untilRotated(source, path, handle, signal, isSame ? resumption?.position : 0)
        resumption = undefined
      } finally {
        await handle.close()
      }
    }
  } catch (error) {
    throw told(source.name, error)
  }
}

async function openWhenThere(path: string, signal: AbortSignal): Promise<FileHandle | undefined> {
  while (!signal.aborted) {
    try {
      return await open(path, 'r')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      await rest(signal)
    }
  }
  return undefined
}

async function* untilRotated(
  source: Source,
  path: string,
  handle: FileHandle,
  signal: AbortSignal,
  from = 0,
): AsyncGenerator<readonly Line[], void> {
  let assembler = new BlockAssembler()
  let reader = new LineReader(source)
  let position = from
  for (let isLast = false; !signal.aborted; ) {
    const { room } = assembler
    const { bytesRead } = await handle.read(room, 0, room.length, position)
    position += bytesRead
    if (bytesRead > 0) {
      const block = assembler.take(bytesRead)
      if (block !== undefined) yield reader.lines(block)
    } else if (isLast) {
      const block = assembler.end()
      yield [...(block === undefined ? [] : reader.lines(block)), ...reader.rest()]
      return
    } else if ((await handle.stat()).size < position) {
      assembler = new BlockAssembler()
      reader = new LineReader(source)
      position = 0
    } else if (await isReplaced(path, handle)) {
      // Once more: what was written between the last read and the renaming.
      isLast = true
    } else await rest(signal)
  }
}

/**
 * Whether the path leads to another file. An empty one does not count yet: until the writer opens it, its lines still go
 * to the old file.
 */
async function isReplaced(path: string, handle: FileHandle): Promise<boolean> {
  try {
    const [now, then] = await Promise.all([stat(path), handle.stat()])
    return (now.ino !== then.ino || now.dev !== then.dev) && now.size > 0
  } catch {
    return false
  }
}

async function rest(signal: AbortSignal): Promise<void> {
  await pause(POLL_MS, undefined, { signal }).catch(() => {})
}
