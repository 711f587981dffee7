/**
 * Measures the command line as people start it: whole processes, our turn and the peer's by turns, on files made here.
 * Exit status 1 where a bar is missed. `--mb SIZE` for the file that is searched (1000 by default; the others have a twentieth).
 */
import { spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '5' } },
})
const ROUNDS = Number(values.rounds)
const bytes = Number(values.mb) * 1e6
const bin = join(dirname(fileURLToPath(import.meta.resolve('@throughline/cli'))), 'bin.js')
const pinoPretty = join(dirname(fileURLToPath(import.meta.resolve('pino-pretty'))), 'bin.js')

const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'))
try {
  const [large, small] = [join(folder, 'large.log'), join(folder, 'small.log')]
  const id = write(large, bytes)
  write(small, bytes / 20)
  const ours = (...args) => [process.execPath, bin, ...args]
  const pretty = [process.execPath, pinoPretty]
  const results = [
    compare('trace', 'grep -c', 1 / 3, ours('trace', id, large), ['grep', '-c', id, large]),
    compare('pretty', 'pino-pretty', 3, ours(small), pretty, small),
    compare('pretty --color', 'pino-pretty --colorize', 3, ours('--color', small), [...pretty, '--colorize'], small),
    compare('pretty', 'pino-pretty --singleLine', 3, ours(small), [...pretty, '--singleLine'], small),
    compare('stats', 'pino-pretty', 3, ours('stats', small), pretty, small),
  ]
  process.exitCode = results.every(Boolean) ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Requests of five lines each, as three services write them; returns an id of the last ones. */
function write(path, size) {
  const file = openSync(path, 'w')
  let [written, requests, time, id] = [0, 0, Date.parse('2024-01-22T10:15:23.120Z'), '']
  while (written < size) {
    let text = ''
    for (let i = 0; i < 1000; i++, requests++) {
      id = randomUUID()
      const ids = { request_id: id, trace_id: randomBytes(16).toString('hex'), span_id: randomBytes(8).toString('hex') }
      const place = {
        service: ['gateway', 'api', 'billing'][requests % 3],
        version: '1.2.3',
        environment: 'production',
      }
      const line = (level, message, fields) => {
        const timestamp = new Date(++time).toISOString()
        text += `${JSON.stringify({ timestamp, level, ...place, ...ids, message, ...fields })}\n`
      }
      const path = `/users/${requests}`
      line('INFO', 'Request started', { method: 'GET', path })
      line('INFO', 'Fetching user', { user_id: `user-${requests % 5000}`, cached: requests % 2 === 0 })
      line('DEBUG', 'Query done', { table: 'users', rows: requests % 100, duration_ms: (requests % 97) / 10 })
      const failed = requests % 50 === 0
      if (failed)
        line('ERROR', 'Database connection failed', {
          error: 'connect ECONNREFUSED',
          error_type: 'DatabaseError',
          traceback: 'DatabaseError: connect ECONNREFUSED\n    at query (/app/db.js:10:5)',
        })
      line('INFO', 'Request completed', {
        method: 'GET',
        path,
        route: '/users/:id',
        status_code: failed ? 500 : 200,
        response_time_ms: (requests % 997) / 10,
      })
    }
    written += writeSync(file, text)
  }
  closeSync(file)
  return id
}

/** @param input A file for the peer's standard input. */
function compare(name, peer, bar, ours, theirs, input) {
  const times = { ours: [], theirs: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    // The first round warms the page cache, and does not count.
    const [a, b] = [timed(ours), timed(theirs, input)]
    if (round > 0) {
      times.ours.push(a)
      times.theirs.push(b)
    }
  }
  const [mine, other] = [median(times.ours), median(times.theirs)]
  const ratio = other / mine
  const isMet = ratio >= bar
  const verdict = `${isMet ? 'ok  ' : 'MISS'} ${ratio.toFixed(2)} x the speed of ${peer}, at least ${bar.toFixed(2)}: ${name}`
  console.log(`${verdict}\n       ms: ours ${mine.toFixed(0)}, theirs ${other.toFixed(0)}`)
  return isMet
}

function timed([command, ...args], input) {
  const stdin = input === undefined ? 'ignore' : openSync(input, 'r')
  const started = performance.now()
  const { status, error } = spawnSync(command, args, { stdio: [stdin, 'ignore', 'inherit'] })
  const took = performance.now() - started
  if (stdin !== 'ignore') closeSync(stdin)
  if (error !== undefined || status !== 0) throw error ?? new Error(`${command} ${args.join(' ')}: status ${status}`)
  return took
}

function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]
}
