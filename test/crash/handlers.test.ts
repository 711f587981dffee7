import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Life, noPosix, Runner, recordsOf, temporaryFolder } from '../child.js'

interface Scenario {
  readonly name: string
  readonly nodeArgs?: readonly string[]
  /** Every message of the log, in order; FATAL ones marked. */
  readonly messages: readonly string[]
  /** What the program without the logger ends with, so that it is known to do what its name says. */
  readonly ending: number | NodeJS.Signals
}

const crashed = 'FATAL Process crashed'
const SCENARIOS: readonly Scenario[] = [
  { name: 'gracefulAfter', messages: ['stopping', 'stopped'], ending: 3 },
  { name: 'gracefulBefore', messages: ['stopping', 'stopped'], ending: 3 },
  { name: 'onceAfter', messages: ['once'], ending: 'SIGINT' },
  { name: 'onceBefore', messages: ['once'], ending: 'SIGINT' },
  { name: 'oncePrepended', messages: ['once'], ending: 4 },
  { name: 'ignored', messages: ['ignored', 'ignored'], ending: 6 },
  { name: 'handlerTakenBack', messages: ['line'], ending: 'SIGTERM' },
  { name: 'allListenersRemoved', messages: ['line'], ending: 'SIGTERM' },
  { name: 'listenersRemovedAtOnce', messages: ['line'], ending: 'SIGTERM' },
  { name: 'exitListenersRemoved', messages: ['line'], ending: 5 },
  { name: 'exitListenersRemovedOneByOne', messages: ['line'], ending: 5 },
  { name: 'listenersRemovedUntilNone', messages: ['line'], ending: 5 },
  { name: 'diesWhenAlone', messages: ['alone'], ending: 'SIGTERM' },
  { name: 'exceptionSurvived', messages: ['survived the crash', 'later'], ending: 0 },
  { name: 'exceptionHandledToItsEnd', messages: ['FATAL my own words'], ending: 9 },
  { name: 'exceptionInTheHandler', messages: ['handling'], ending: 7 },
  { name: 'exceptionCaptured', messages: ['captured the crash'], ending: 0 },
  { name: 'exceptionMidWay', messages: ['line', crashed], ending: 1 },
  { name: 'rejectionSurvived', messages: ['survived the rejection', 'later'], ending: 0 },
  { name: 'rejection', messages: [crashed], ending: 1 },
  { name: 'rejection', nodeArgs: ['--unhandled-rejections=strict'], messages: [crashed], ending: 1 },
  { name: 'rejection', nodeArgs: ['--unhandled-rejections=warn'], messages: ['later'], ending: 0 },
  { name: 'rejection', nodeArgs: ['--unhandled-rejections=none'], messages: ['later'], ending: 0 },
  { name: 'exitHandlers', messages: ['line', 'before, 8', 'after, 8', 'late, 8', 'last words'], ending: 8 },
  { name: 'exitHandlerThrows', messages: ['line', crashed], ending: 1 },
  { name: 'exitCode', messages: ['line', 'before exit'], ending: 12 },
  { name: 'exitInPromise', messages: ['line'], ending: 2 },
  { name: 'abandoned', nodeArgs: ['--expose-gc'], messages: Array(100).fill('line'), ending: 0 },
  { name: 'severalLoggers', messages: ['one', 'two', 'one again', crashed], ending: 1 },
  { name: 'twoCopies', messages: ['one', 'two', 'one', 'two', 'one', 'two', crashed], ending: 1 },
  { name: 'destinationThrows', messages: ['line'], ending: 10 },
  { name: 'manyListeners', messages: ['line'], ending: 0 },
]

const path = join(import.meta.dirname, 'handlers.mjs')

describe.skipIf(noPosix)(`a program with handlers of its own${noPosix ? ` (${noPosix})` : ''}`, () => {
  const runner = new Runner(temporaryFolder())
  const run = ({ name, nodeArgs = [] }: Scenario, policy: string) =>
    runner.run({ path, nodeArgs, args: [name, policy], outlet: 'pipe' })
  const controls = new Map<string, Promise<Life>>()

  for (const policy of ['turn', '{"bytes":65536,"ms":60000}']) {
    it.concurrent.each(
      SCENARIOS.map((scenario) => ({ ...scenario, title: [scenario.name, ...(scenario.nodeArgs ?? [])].join(' ') })),
    )(`ends as it would without the logger, and loses nothing, by ${policy}: $title`, async (scenario) => {
      const { name, title, messages, ending } = scenario
      controls.set(title, controls.get(title) ?? run(scenario, 'none'))
      const control = (await controls.get(title)) as Life
      const life = await run(scenario, policy)
      expect(control.code ?? control.signal).toBe(ending)
      expect(life.code ?? life.signal).toBe(ending)
      const logged = recordsOf(life.output).map(({ level, message }) =>
        level === 'FATAL' ? `FATAL ${message}` : message,
      )
      expect(logged).toEqual(messages)
      if (name !== 'destinationThrows') expect(plain(life.stderr)).toBe(plain(control.stderr))
    })
  }
})

/** Node's words without the process's id, and without the lines of its own code that called which listener. */
function plain(stderr: string): string {
  return stderr.replace(/\(node:[\w:]+\)/g, '(node)')
}

describe.skipIf(noPosix).concurrent(`LOG_DESTINATION${noPosix ? ` (${noPosix})` : ''}`, () => {
  const runner = new Runner(temporaryFolder())

  it.each(['/dev/stdout', 'stdout', ''])('is standard output, whatever that is: "%s"', async (where) => {
    const env = { LOG_DESTINATION: where }
    const program = { path: join(import.meta.dirname, 'default.mjs'), env }
    for (const outlet of ['pipe', 'socket'] as const) {
      const { output, stderr, code } = await runner.run({ ...program, outlet })
      expect([recordsOf(output).length, stderr, code]).toEqual([100, '', 0])
    }
  })
})

const noNamespace =
  noPosix ??
  (spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0 ? undefined : 'no right to make a PID namespace')

describe.skipIf(noNamespace)(`process 1 of a container${noNamespace ? ` (${noNamespace})` : ''}`, () => {
  // The system ignores signals to process 1 that it has no handler for; a container's entry point may rely on that.
  it.each(['none', 'turn'])('survives a SIGTERM that it has no handler for, policy %s', (policy) => {
    const args = ['--pid', '--fork', process.execPath, join(import.meta.dirname, 'first-process.mjs'), policy]
    expect(execFileSync('unshare', args, { encoding: 'utf8' })).toMatch(/^pid 1\n.*survived\n$/s)
  })
})
