import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, openSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import { loki } from '@throughline/loki'
import { otlp } from '@throughline/otlp'
import { testDestination } from '@throughline/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ended, NamedPipe, noPosix, start, temporaryFolder } from '../child.js'

const folder = temporaryFolder()
const program = (name: string) => join(import.meta.dirname, name)

/** Two requests at the same time may overtake one another. */
const ORDERED = { maxRequests: 1, batch: { ms: 20 } } as const
/** Loki takes no longer line by default than 64 KB in the version that our server answers as. */
const LONGEST = 60_000
/** A busy machine takes its time for 10,000 lines over HTTP. */
const PATIENT = { timeoutMs: 120_000 } as const

interface Addresses {
  readonly loki: string
  readonly otlp: string
}

let stores: ChildProcess
let addresses: Addresses
let runs = 0
beforeAll(async () => {
  stores = fork(program('stores.mjs'))
  addresses = ((await once(stores, 'message')) as [Addresses])[0]
})
afterAll(() => stores?.kill())

/** What a store has of one run. */
async function linesOf(run: string): Promise<readonly string[]> {
  const answer = once(stores, 'message')
  stores.send(run)
  return ((await answer) as [{ readonly lines: readonly string[] }])[0].lines
}

describe('the destinations that ship keep the contract', { timeout: 600_000 }, () => {
  const toLoki = (options: object) => () => {
    const run = `run-${runs++}`
    const destination = loki({ url: addresses.loki, staticLabels: { run }, labels: [], ...ORDERED, ...options })
    return { destination, lines: () => linesOf(run), cleanUp: () => destination.close() }
  }

  it.each([
    ['from a thread that encodes', {}],
    ['from the main thread, uncompressed', { worker: false, gzip: false }],
  ])('loki() %s', async (_, options) => {
    await testDestination(toLoki(options), { longestLineBytes: LONGEST, ...PATIENT })
  })

  it('loki() with a spool, which keeps each level apart, and whose flushSync() has lines on the disk', async () => {
    const create = () => toLoki({ spool: { dir: join(folder, `spool-${runs}`) } })()
    await testDestination(create, { flushesSync: false, keepsOrder: false, longestLineBytes: LONGEST, ...PATIENT })
  })

  it('otlp()', async () => {
    await testDestination(() => {
      const run = `run-${runs++}`
      const url = `${addresses.otlp}/${run}/v1/logs`
      const destination = otlp({ url, protocol: 'http/json', env: {}, ...ORDERED })
      return { destination, lines: () => linesOf(run), cleanUp: () => destination.close() }
    }, PATIENT)
  })
})

describe.skipIf(noPosix)('stdout() keeps the contract', { timeout: 600_000 }, () => {
  async function expectKept(child: ChildProcess) {
    const [stderr, ending] = await Promise.all([text(child.stderr as Socket), ended(child)])
    // The suite logs after close() on purpose.
    const late = expect.stringMatching(/^throughline: stdout: a line was logged after close\(\)[^\n]*\n$/)
    expect({ ...ending, stderr }).toEqual({ code: 0, signal: null, stderr: late })
  }

  it('when it is a file', async () => {
    const path = join(folder, 'stdout')
    await expectKept(start({ path: program('stdout.mjs'), args: [path] }, ['ignore', openSync(path, 'a'), 'pipe']))
  })

  it('when it is a pipe', async () => {
    const path = join(folder, 'piped')
    writeFileSync(path, '')
    const pipe = new NamedPipe(folder)
    pipe.reader.pipe(createWriteStream(path))
    await expectKept(pipe.start({ path: program('stdout.mjs'), args: [path] }))
  })
})

it('file() keeps the contract in a worker thread', { timeout: 600_000 }, async () => {
  const worker = new Worker(program('thread.mjs'), { workerData: join(folder, 'of-the-thread') })
  expect(await once(worker, 'exit')).toEqual([0])
})
