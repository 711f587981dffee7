/**
 * Measures writing lines to a descriptor, ours beside sonic-boom 4 and 5 and Node's own file stream: `node descriptor.mjs`.
 * `--json` prints the figures for a program, `--quick` measures less.
 *
 * In a turn of the event loop so many lines are made of pieces, as a logger makes them, and handed over; a round ends when
 * all of it is written. Every contender has its turn in every round.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import SonicBoom5 from 'sonic-boom'
import SonicBoom4 from 'sonic-boom-4'
import { file } from 'throughline'
import { paired, spread } from './statistics.mjs'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const [rounds, warmUp, linesOfRound] = values.quick ? [5, 2, 4_000] : [21, 4, 10_000]
const INFO = 30

/** What a contender is: a way to take a line, and one to be done with all of them. */
function ours(path, policy) {
  const destination = file(path, { policy })
  return { write: (line) => destination.write(line, INFO), done: () => destination.flush() }
}

function sonicBoom(SonicBoom, dest, options) {
  const stream = new SonicBoom({ dest, ...options })
  stream.on('error', (error) => {
    throw error
  })
  return {
    write: (line) => stream.write(line),
    // Not `flush`, which has the disk synchronised too.
    async done() {
      while (stream.writing) await new Promise(setImmediate)
      stream.flushSync()
    },
  }
}

function nodeStream(path) {
  const stream = createWriteStream(path, { flags: 'a' })
  return { write: (line) => stream.write(line), done: () => new Promise((resolve) => stream.write('', resolve)) }
}

const FAMILIES = {
  'each line at once': (path) => ({
    ours: ours(path, 'line'),
    'sonic-boom 5 sync': sonicBoom(SonicBoom5, path, { sync: true }),
    'sonic-boom 4 sync': sonicBoom(SonicBoom4, path, { sync: true }),
  }),
  gathered: (path) => ({
    'ours, turn': ours(path, 'turn'),
    'ours, 16 KiB': ours(path, { bytes: 16_384, ms: 1_000 }),
    'sonic-boom 5 sync, 16 KiB': sonicBoom(SonicBoom5, path, { sync: true, minLength: 16_383 }),
    'sonic-boom 4 sync, 16 KiB': sonicBoom(SonicBoom4, path, { sync: true, minLength: 16_383 }),
    'sonic-boom 5 async, 4 KiB': sonicBoom(SonicBoom5, path, { sync: false, minLength: 4_096 }),
    'sonic-boom 4 async, 4 KiB': sonicBoom(SonicBoom4, path, { sync: false, minLength: 4_096 }),
    'fs.WriteStream': nodeStream(path),
  }),
}

const folder = mkdtempSync(join(tmpdir(), 'throughline-'))
const paths = { '/dev/null': '/dev/null', file: join(folder, 'log'), pipe: join(folder, 'pipe') }
writeFileSync(paths.file, '')
execFileSync('mkfifo', [paths.pipe])
const reader = spawn('sh', ['-c', 'exec cat "$0" > /dev/null', paths.pipe], { stdio: 'ignore' })

let made = 0
/** A line of 150 bytes, of as many pieces as a logger makes one of. */
function line() {
  const n = made++
  return (
    `{"timestamp":"2024-01-22T10:15:23.${100 + (n % 900)}Z","level":"INFO","service":"api-service"` +
    `,"request_id":"req-${n}","message":"Fetching user","user_id":"user-${n % 1000}","ms":${n % 100}}\n`
  )
}

async function round({ write, done }, linesOfTurn) {
  const started = process.hrtime.bigint()
  for (let written = 0; written < linesOfRound; written += linesOfTurn) {
    for (let i = 0; i < linesOfTurn; i++) write(line())
    await new Promise(setImmediate)
  }
  await done()
  return Number(process.hrtime.bigint() - started) / linesOfRound
}

const results = []
for (const [target, path] of Object.entries(paths)) {
  for (const [family, make] of Object.entries(FAMILIES)) {
    for (const linesOfTurn of family === 'gathered' ? [5, 100] : [100]) {
      const contenders = Object.entries({ 'no writing': { write() {}, done() {} }, ...make(path) })
      const samples = Object.fromEntries(contenders.map(([name]) => [name, []]))
      for (let i = -warmUp; i < rounds; i++) {
        for (const [name, contender] of contenders) {
          if (target === 'file') truncateSync(path)
          const ns = await round(contender, linesOfTurn)
          if (i >= 0) samples[name].push(ns)
        }
      }
      const [, [first]] = contenders
      const figures = contenders.map(([name]) => ({
        name,
        ...spread(samples[name]),
        ratio: paired(samples[name], samples[first], (theirs, ours) => theirs / ours).median,
      }))
      results.push({ target, family, linesOfTurn, figures })
      if (!values.json) print(results.at(-1))
    }
  }
}
if (values.json) console.log(JSON.stringify({ node: process.version, results }))
reader.kill()
rmSync(folder, { recursive: true })
// Some contenders keep their descriptors open.
process.exit()

function print({ target, family, linesOfTurn, figures }) {
  console.log(`${target}, ${family}, ${linesOfTurn} lines a turn: ns a line, and times ours`)
  for (const { name, median, low, high, ratio: times } of figures) {
    const [ns, range] = [median.toFixed(0).padStart(6), `${low.toFixed(0)}-${high.toFixed(0)}`.padEnd(14)]
    console.log(`  ${ns}  ${range} ${times.toFixed(2)} x  ${name}`)
  }
}
