// Logs 10,000 lines in one turn, every hundredth a warning (the last is none), and ends: `node ending.mjs <ending> <policy> [file]`.
// With the policy `none` it is the same program without the logger.
import { createLogger, file, stdout } from 'throughline'

const LINES = 10_000

const endings = {
  return() {},
  exit() {
    process.exit(5)
  },
  uncaughtException() {
    throw Object.assign(new Error('the database is gone', { cause: new Error('connect ECONNREFUSED') }), {
      code: 'E_GONE',
    })
  },
  unhandledRejection() {
    Promise.reject(new TypeError('nobody waits for this'))
  },
  rejectedText() {
    Promise.reject('no error at all')
  },
  SIGTERM() {
    process.kill(process.pid, 'SIGTERM')
    live()
  },
  SIGINT() {
    process.kill(process.pid, 'SIGINT')
    live()
  },
  SIGHUP() {
    process.kill(process.pid, 'SIGHUP')
    live()
  },
  abort() {
    process.abort()
  },
  auditThenAbort() {
    log?.audit('account deleted', { user_id: 'user-456' })
    process.abort()
  },
  SIGKILL() {
    process.kill(process.pid, 'SIGKILL')
  },
  outOfMemory() {
    const kept = []
    for (;;) kept.push(new Array(10_000).fill(kept.length))
  },
}

/** A service would live on. */
function live() {
  setInterval(() => {}, 1000)
}

const [ending, policyText, path] = process.argv.slice(2)
const policy = policyText.startsWith('{') ? JSON.parse(policyText) : policyText
const destination = () => (path === undefined ? stdout({ policy }) : file(path, { policy }))
const log =
  policy === 'none' ? undefined : createLogger({ service: 'crash', destination: destination(), sequence: true })
for (let n = 0; n < LINES; n++) {
  if (n % 100 === 50) log?.warn('line', { n })
  else log?.info('line', { n })
}
endings[ending]()
