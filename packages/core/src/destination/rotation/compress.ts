import { Worker } from 'node:worker_threads'
import { writesNoLines } from '../shared-pipe.js'
import { compressThread } from './compress.thread.inline.js'
import type { Compression } from './options.js'

/** What a compressed file's name ends in. */
export const SUFFIXES: Readonly<Record<Compression, string>> = { gzip: '.gz', zstd: '.zst' }

/** A file that is to be replaced by its compressed copy. */
export interface CompressJob {
  readonly path: string
  /** Where the copy is made. */
  readonly temporary: string
  readonly compressed: string
}

/** What the thread finds as `workerData`. */
export interface CompressData {
  readonly jobs: readonly CompressJob[]
  readonly compression: Compression
}

/** What the thread says when it has done one of them. */
export interface CompressedMessage {
  readonly index: number
  /** Why it could not. */
  readonly error: string | undefined
}

/**
 * Replaces files by their compressed copies, in a thread of their own: the event loop spends 3 ms, however large they are
 * (bench `rotation`). A file is removed once its copy is complete and on disk. A process that was killed in between leaves
 * both, and the next call removes the file.
 *
 * @param onDone Called for each job, with the reason when it failed.
 */
export async function compressFiles(
  jobs: readonly CompressJob[],
  compression: Compression,
  onDone: (index: number, error: string | undefined) => void,
): Promise<void> {
  if (jobs.length === 0) return
  // Without the modules that the process loads first by its flags: an instrumentation has no use in this thread.
  const env = { ...process.env, NODE_OPTIONS: '' }
  const workerData: CompressData = { jobs, compression }
  const worker = new Worker(compressThread, { eval: true, execArgv: [], env, workerData })
  writesNoLines(worker)
  const left = new Set(jobs.keys())
  let reason = 'the thread ended'
  worker.on('message', ({ index, error }: CompressedMessage) => {
    left.delete(index)
    onDone(index, error)
  })
  worker.on('error', (error) => {
    reason = error.message
  })
  await new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  for (const index of left) onDone(index, reason)
}
