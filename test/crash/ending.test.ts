import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Life, noPosix, type Outlet, Runner, recordsOf, temporaryFolder } from '../child.js'

const LINES = 10_000
const POLICIES = { line: 'line', turn: 'turn', 'bytes and ms': '{"bytes":65536,"ms":1000}' } as const
const OUTLETS: readonly Outlet[] = ['pipe', 'socket', 'file']

/** Endings that let a handler run, with the crash that the log tells of. */
const CLEAN = {
  return: undefined,
  exit: undefined,
  SIGTERM: undefined,
  SIGINT: undefined,
  SIGHUP: undefined,
  uncaughtException: { error: 'the database is gone', error_type: 'Error', error_code: 'E_GONE' },
  unhandledRejection: { error: 'nobody waits for this', error_type: 'TypeError' },
  rejectedText: { error_type: 'UnhandledPromiseRejection', error_code: 'ERR_UNHANDLED_REJECTION' },
} as const

/** Endings that let nothing run. */
const SUDDEN = ['abort', 'auditThenAbort', 'SIGKILL', 'outOfMemory'] as const

/** How the program ends without the logger. */
const ENDINGS: Readonly<Record<keyof typeof CLEAN | (typeof SUDDEN)[number], number | NodeJS.Signals>> = {
  return: 0,
  exit: 5,
  SIGTERM: 'SIGTERM',
  SIGINT: 'SIGINT',
  SIGHUP: 'SIGHUP',
  uncaughtException: 1,
  unhandledRejection: 1,
  rejectedText: 1,
  abort: 'SIGABRT',
  auditThenAbort: 'SIGABRT',
  SIGKILL: 'SIGKILL',
  outOfMemory: 'SIGABRT',
}

const path = join(import.meta.dirname, 'ending.mjs')

describe.skipIf(noPosix)(`a process that ends after ${LINES} lines${noPosix ? ` (${noPosix})` : ''}`, () => {
  const runner = new Runner(temporaryFolder())
  const nodeArgs = ['--max-old-space-size=24']
  const run = (ending: string, policy: string, outlet: Outlet) =>
    runner.run({ path, args: [ending, policy], outlet, nodeArgs: ending === 'outOfMemory' ? nodeArgs : [] })
  const controls = new Map<string, Promise<Life>>()
  const control = (ending: string) => {
    const life = controls.get(ending) ?? run(ending, 'none', 'pipe')
    controls.set(ending, life)
    return life
  }

  it.concurrent.each(Object.entries(ENDINGS))(
    'ends without the logger as its name says: %s',
    async (ending, expected) => {
      const { code, signal } = await control(ending)
      expect(code ?? signal).toBe(expected)
    },
  )

  for (const outlet of OUTLETS) {
    for (const [policyName, policy] of Object.entries(POLICIES)) {
      it.concurrent.each(Object.entries(CLEAN))(
        `loses nothing to a ${outlet}, by ${policyName}: %s`,
        async (ending, crash) => {
          const { code, signal, output, stderr } = await run(ending, policy, outlet)
          const expected = await control(ending)
          expect({ code, signal, stderr: plain(stderr) }).toEqual({
            ...expected,
            output: undefined,
            stderr: plain(expected.stderr),
          })
          const records = recordsOf(output)
          expect(numbersOf(records)).toEqual(numbers(0, LINES))
          expect(records.map(({ seq }) => seq)).toEqual(numbers(1, records.length))
          expect(records.at(-1)).toMatchObject({ message: 'Log stats', emitted: records.length, dropped: 0 })
          const fatal = records.filter(({ level }) => level === 'FATAL')
          expect(fatal).toHaveLength(crash === undefined ? 0 : 1)
          if (crash !== undefined) expect(fatal[0]).toMatchObject({ message: 'Process crashed', ...crash })
        },
      )

      it.concurrent.each(SUDDEN)(`loses no warning to a ${outlet}, by ${policyName}: %s`, async (ending) => {
        const { code, signal, output } = await run(ending, policy, outlet)
        const expected = await control(ending)
        expect({ code, signal }).toEqual({ code: expected.code, signal: expected.signal })
        const records = recordsOf(output)
        const found = numbersOf(records)
        if (ending === 'auditThenAbort')
          expect(records.at(-1)).toMatchObject({ log_type: 'audit', user_id: 'user-456' })
        expect(found.filter((n) => n % 100 === 50)).toEqual(numbers(0, LINES).filter((n) => n % 100 === 50))
        // What is there is a clean prefix.
        expect(found).toEqual(numbers(0, found.length))
        expect(records.map(({ seq }) => seq)).toEqual(numbers(1, records.length))
        if (policy === 'line') expect(found).toHaveLength(LINES)
      })
    }
  }
})

function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i)
}

function numbersOf(records: readonly Record<string, unknown>[]): number[] {
  return records.filter(({ message }) => message === 'line').map(({ n }) => n as number)
}

/** What Node says of a crash, without what differs from run to run. */
function plain(stderr: string): string {
  return stderr.replace(/\(Use `node --trace-\w+.*\n/, '').replace(/\d{4,}/g, 'N')
}
