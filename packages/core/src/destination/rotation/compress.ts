import { Worker } from 'node:worker_threads'
import { writesNoLines } from '../shared-pipe.js'
import { compressThread } from './compress.thread.inline.js'
import type { Compression } from './options.js'

/** What a compressed file's name ends in. */
export const SUFFIXES: Readonly<Record<Compression, string>> = { gzip: '.gz', zstd: '.zst' }

/** What the thread finds as `workerData`. */
export interface CompressData {
  readonly path: string
  readonly temporary: string
  readonly compressed: string
  readonly compression: Compression
}

/**
 * Replaces a file by its compressed copy, in a thread of its own: the event loop has 2 ms of it, however large the file is
 * (bench `rotation`). The file is removed once its copy is complete and on disk. A process that was killed in between leaves
 * both, and the next call removes the file.
 *
 * @param temporary Where the copy is made.
 */
export async function compressFile(path: string, temporary: string, compression: Compression): Promise<void> {
  const workerData: CompressData = { path, temporary, compressed: path + SUFFIXES[compression], compression }
  // Without what the process was told to load first: an instrumentation has no use in this thread.
  const env = { ...process.env, NODE_OPTIONS: '' }
  const worker = new Worker(compressThread, { eval: true, execArgv: [], env, workerData })
  writesNoLines(worker)
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}
