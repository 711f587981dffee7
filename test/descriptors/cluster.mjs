// A primary and three workers of a cluster, and a plain child, that log to one standard output: `node cluster.mjs <lines>`.
// With LONG_LINES many of them are longer than what a pipe takes whole.
import { spawn } from 'node:child_process'
import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { createLogger } from 'throughline'

const [lines, role] = process.argv.slice(2)
const who = role ?? (cluster.isPrimary ? 'primary' : `worker ${cluster.worker.id}`)
const log = createLogger({ service: 'cluster' })
const MOST = process.env.LONG_LINES ? 1_500 : 200

if (who === 'primary') {
  for (let i = 0; i < 3; i++) cluster.fork()
  spawn(process.execPath, [fileURLToPath(import.meta.url), lines, 'child'], { stdio: 'inherit' })
}

// More than fits in one write at every turn; most of a line is of wide characters.
let n = 0
const timer = setInterval(() => {
  for (let i = 0; i < 50 && n < Number(lines); i++, n++)
    log.info('line', { who, n, pad: '日本語'.repeat((n * 7) % MOST) })
  if (n < Number(lines)) return
  clearInterval(timer)
  if (cluster.isWorker) process.exit(0)
}, 1)
