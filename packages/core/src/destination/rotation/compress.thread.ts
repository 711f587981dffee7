/**
 * The whole of the thread that compresses a rotated file. It uses Node alone: `inline-worker.ts` makes one text of it, which
 * is all that a bundle has to hold.
 */
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { open, rename, rm, stat, utimes } from 'node:fs/promises'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { workerData } from 'node:worker_threads'
import * as zlib from 'node:zlib'
import type { CompressData } from './compress.js'

/** Newer than the oldest Node, whose types these are. */
const { createZstdCompress } = zlib as { createZstdCompress?: (options: { readonly chunkSize: number }) => Transform }
const CHUNK_BYTES = 256 * 1024

const { path, temporary, compressed, compression } = workerData as CompressData

// As an error of the thread, which its starter gets.
void compress()

async function compress(): Promise<void> {
  if (!existsSync(compressed)) await writeCopy()
  await rm(path, { force: true })
}

/** The copy has the file's mode and times, and appears under its name when it is complete and on disk. */
async function writeCopy(): Promise<void> {
  const { mode, atime, mtime } = await stat(path)
  try {
    const source = createReadStream(path, { highWaterMark: CHUNK_BYTES })
    const create = compression === 'gzip' ? zlib.createGzip : createZstdCompress
    if (create === undefined) throw new Error('this Node has no zstd')
    await pipeline(source, create({ chunkSize: CHUNK_BYTES }), createWriteStream(temporary, { mode: mode & 0o777 }))
    const handle = await open(temporary, 'r+')
    await handle.sync()
    await handle.close()
    await utimes(temporary, atime, mtime)
    await rename(temporary, compressed)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
