// The main thread and three workers that log to one place: `node threads.mjs <ending> [file]`. Each counts its lines in
// shared memory, after the call; the counts are written to standard error last.
import { writeSync } from 'node:fs'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { createLogger, file } from 'throughline'

const [ending, path] = process.argv.slice(2)
const { who, counts } = workerData ?? { who: 0, counts: new Int32Array(new SharedArrayBuffer(16)) }
const log = createLogger({ service: 'threads', ...(path && { destination: file(path) }) })
const LINES = 3_000

function write() {
  const n = counts[who]
  log.info('line', { who, n, pad: '日本語'.repeat((n * 7) % 200) })
  Atomics.add(counts, who, 1)
}

const endings = {
  /** Each thread ends by itself, one of them by process.exit, which in a thread ends only that. */
  return() {},
  /** The main thread ends the process under the others. */
  exit() {
    process.exit(3)
  },
  crash() {
    throw new Error('the main thread crashed')
  },
  async terminate(workers) {
    for (const worker of workers) await worker.terminate()
  },
}

if (isMainThread) {
  const workers = [1, 2, 3].map(
    (who) => new Worker(new URL(import.meta.url), { workerData: { who, counts }, argv: process.argv.slice(2) }),
  )
  process.on('exit', () => writeSync(2, `${JSON.stringify([...counts])}\n`))
  const timer = setInterval(() => {
    for (let i = 0; i < 30; i++) write()
    const isHalf = counts.every((count) => count > LINES / 4)
    if (ending === 'return' ? counts[0] < LINES : !isHalf) return
    clearInterval(timer)
    endings[ending](workers)
  }, 1)
} else {
  const timer = setInterval(() => {
    for (let i = 0; i < 30; i++) write()
    if (ending !== 'return' || counts[who] < LINES) return
    clearInterval(timer)
    if (who === 1) process.exit(0)
  }, 1)
}
