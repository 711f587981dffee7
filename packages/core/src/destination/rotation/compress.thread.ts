/**
 * The whole of the thread that compresses rotated files. It uses Node alone: `inline-worker.ts` makes one text of it, which
 * is all that a bundle has to hold.
 */
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { open, rename, rm, stat, utimes } from 'node:fs/promises'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parentPort, workerData } from 'node:worker_threads'
import * as zlib from 'node:zlib'
import type { CompressData, CompressedMessage, CompressJob } from './compress.js'

/** Newer than the oldest Node, whose types these are. */
const { createZstdCompress } = zlib as { createZstdCompress?: (options: { readonly chunkSize: number }) => Transform }
const CHUNK_BYTES = 256 * 1024

void compressAll(workerData as CompressData)

async function compressAll({ jobs, compression }: CompressData): Promise<void> {
  for (const [index, job] of jobs.entries()) {
    const message: CompressedMessage = { index, error: await attempt(job, compression) }
    parentPort?.postMessage(message)
  }
}

async function attempt(job: CompressJob, compression: CompressData['compression']): Promise<string | undefined> {
  try {
    if (!existsSync(job.compressed)) await writeCopy(job, compression)
    await rm(job.path, { force: true })
    return undefined
  } catch (error) {
    await rm(job.temporary, { force: true }).catch(() => {})
    return (error as Error).message
  }
}

/** The copy has the file's mode and times, and appears under its name when it is complete and on disk. */
async function writeCopy(job: CompressJob, compression: CompressData['compression']): Promise<void> {
  const { path, temporary, compressed } = job
  const { mode, atime, mtime } = await stat(path)
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  const create = compression === 'gzip' ? zlib.createGzip : createZstdCompress
  if (create === undefined) throw new Error('this Node has no zstd')
  await pipeline(source, create({ chunkSize: CHUNK_BYTES }), createWriteStream(temporary, { mode: mode & 0o777 }))
  const handle = await open(temporary, 'r+')
  await handle.sync()
  await handle.close()
  await utimes(temporary, atime, mtime)
  await rename(temporary, compressed)
}
