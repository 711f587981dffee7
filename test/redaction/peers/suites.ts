import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compileFunction } from 'node:vm'
import { type Answer, copyOf, type PeerCase, type PeerOptions, plain } from './case.js'

const require = createRequire(import.meta.url)

type Redact = ((given: unknown) => unknown) & Readonly<Record<string, unknown>>
type MakeRedact = (options?: PeerOptions) => Redact
type Test = readonly [name: string, run: (context: typeof tap) => unknown]

/** What node-tap gives to a test. Whether the peer does as its suite says is the peer's own question. */
const tap = {
  end() {},
  is() {},
  same() {},
  strictSame() {},
  throws: quietly,
  doesNotThrow: quietly,
}

function quietly(run: () => unknown): void {
  try {
    run()
  } catch {
    // It was asked whether it throws.
  }
}

/** Runs the suites that the peers publish with their packages, and tells what they ask. */
export async function peerCases(): Promise<readonly PeerCase[]> {
  const cases: PeerCase[] = []
  const counts = new Map<string, number>()
  let running = ''
  const record = (one: Omit<PeerCase, 'name'>) => {
    const count = (counts.get(running) ?? 0) + 1
    counts.set(running, count)
    cases.push({ ...one, name: count === 1 ? running : `${running} (${count})` })
  }
  const fastRedact = recorded(require('fast-redact') as MakeRedact, record)
  const pinojsRedact = recorded(require('@pinojs/redact') as MakeRedact, record)
  const suites = [
    { peer: 'fast-redact', files: ['index.js'], modules: { '..': fastRedact } },
    {
      peer: '@pinojs/redact',
      files: filesOf('@pinojs/redact'),
      // Its suites compare it with fast-redact, whose own suite says the same.
      modules: { '../index.js': pinojsRedact, 'fast-redact': require('fast-redact') },
    },
    { peer: 'pino', files: ['redact.test.js'], modules: { '../': recordedPino(record), './helper': { sink, once } } },
  ]
  for (const { peer, files, modules } of suites) {
    for (const file of files) {
      for (const [name, run] of testsOf(join(folderOf(peer), file), modules)) {
        running = `${peer}: ${name}`
        try {
          await run(tap)
        } catch (error) {
          throw new Error(`${running} fails on the peer itself`, { cause: error })
        }
      }
    }
  }
  for (const [name, paths, given] of OUR_QUESTIONS) {
    running = `ours: ${name}`
    pinojsRedact({ paths })(given)
  }
  return cases
}

/** What their suites do not ask: put to `@pinojs/redact`, which pino redacts with. */
const OUR_QUESTIONS: readonly (readonly [name: string, paths: readonly string[], given: object])[] = [
  ['toJSON', ['user.email'], { user: { toJSON: () => ({ email: 's' }) } }],
  ['a Map', ['user.email'], { user: new Map([['email', 's']]) }],
  ['a Set', ['list[*].email'], { list: new Set([{ email: 's' }]) }],
  ["an error's message", ['failure.message'], { failure: new Error('s') }],
  ["an error's cause", ['failure.cause.message'], { failure: new Error('a', { cause: new Error('s') }) }],
  [
    'a class instance',
    ['user.email'],
    {
      user: new (class User {
        email = 's'
      })(),
    },
  ],
  ['a header list', ['headers.cookie'], { headers: new Headers({ cookie: 's' }) }],
  ['URLSearchParams', ['query.token'], { query: new URLSearchParams({ token: 's' }) }],
]

function folderOf(peer: string): string {
  return join(dirname(require.resolve(`${peer}/package.json`)), 'test')
}

function filesOf(peer: string): string[] {
  return readdirSync(folderOf(peer)).filter((file) => file.endsWith('.test.js'))
}

/** The tests that a CommonJS file defines. */
function testsOf(path: string, modules: Readonly<Record<string, unknown>>): readonly Test[] {
  const tests: Test[] = []
  const test = (name: string, run: Test[1]) => tests.push([name, run])
  const runner = Object.assign(test, { test })
  const load = (id: string): unknown => {
    if (id === 'node:test' || id === 'tap') return runner
    return Object.hasOwn(modules, id) ? modules[id] : require(id)
  }
  compileFunction(readFileSync(path, 'utf8'), ['require'], { filename: path })(load)
  return tests
}

function recorded(make: MakeRedact, record: (one: Omit<PeerCase, 'name'>) => void): MakeRedact {
  return (options = {}) => {
    const about = { options, bindings: [] }
    let redact: Redact
    try {
      redact = make(options)
    } catch (error) {
      record({ ...about, given: undefined, answer: { threw: true } })
      throw error
    }
    const wrapped = (given: unknown) => {
      const copy = copyOf(given)
      try {
        const output = redact(given)
        record({ ...about, given: [copy], answer: { output: plain(output) } })
        return output
      } catch (error) {
        record({ ...about, given: [copy], answer: { threw: true } })
        throw error
      }
    }
    return Object.assign(wrapped, redact)
  }
}

interface Sink {
  readonly lines: string[]
  write(line: string): void
}

function sink(): Sink {
  const lines: string[] = []
  return { lines, write: (line) => void lines.push(line) }
}

async function once({ lines }: Sink): Promise<unknown> {
  return JSON.parse(lines.shift() ?? '')
}

interface Pino {
  info(...given: readonly unknown[]): void
  child(bindings: object, options?: object): Pino
}

function recordedPino(record: (one: Omit<PeerCase, 'name'>) => void) {
  const { pino } = require('pino') as { pino: (options: object, stream: Sink) => Pino }
  return (options: { redact?: unknown; serializers?: unknown } = {}, stream: Sink = sink()) => {
    const redact = (Array.isArray(options.redact) ? { paths: options.redact } : options.redact) as PeerOptions
    const { serializers } = options
    const about = { options: typeof redact === 'object' ? { ...redact, serializers } : { paths: redact } }
    const wrap = (log: Pino, bindings: PeerCase['bindings']): Pino => ({
      info(...given) {
        const copies = given.map((one) => copyOf(one))
        log.info(...given)
        const answer: Answer = { output: plain(stream.lines.at(-1)) }
        record({ ...about, bindings, given: copies, answer })
      },
      child: (fields, own = {}) => wrap(log.child(fields, own), [...bindings, [copyOf(fields) as object, own]]),
    })
    try {
      return wrap(pino(options, stream), [])
    } catch (error) {
      record({ ...about, bindings: [], given: undefined, answer: { threw: true } })
      throw error
    }
  }
}
