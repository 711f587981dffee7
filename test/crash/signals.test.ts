import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noPosix, Runner, recordsOf, temporaryFolder } from '../child.js'

const COVERED = [
  ...['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGXCPU', 'SIGIO', 'SIGPWR'],
].filter((signal) => signal in constants.signals)
/** The debugger's, the profiler's, the one that Node ignores, and some of a fault. */
const LEFT_ALONE = ['SIGUSR1', 'SIGPROF', 'SIGPIPE', 'SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT', 'SIGTRAP']

const path = join(import.meta.dirname, 'signals.mjs')
const listeners = join(import.meta.dirname, 'signal-listeners.mjs')

describe.skipIf(noPosix)(`a signal${noPosix ? ` (${noPosix})` : ''}`, () => {
  const runner = new Runner(temporaryFolder())
  const run = (signal: string, kind: string, logger = 'logger') =>
    runner.run({ path, args: [signal, kind, logger], outlet: 'pipe' })

  it.concurrent.each(COVERED)(
    'loses no line, and ends the process as it would without the logger: %s',
    async (name) => {
      const [control, life] = await Promise.all([run(name, 'alone', 'none'), run(name, 'alone')])
      // SIGIO is ignored by default on some systems.
      if (process.platform === 'linux') expect(control).toMatchObject({ code: null, signal: name })
      expect({ code: life.code, signal: life.signal }).toEqual({ code: control.code, signal: control.signal })
      expect(recordsOf(life.output)).toHaveLength(100)
    },
  )

  it.concurrent.each(COVERED)('is left to the application that listens for it: %s', async (name) => {
    const life = await run(name, 'listened')
    expect({ code: life.code, signal: life.signal }).toEqual({ code: 7, signal: null })
    expect(recordsOf(life.output).at(-1)).toMatchObject({ message: 'heard' })
  })

  it('is left to the level control that listens for it', async () => {
    const life = await run('SIGUSR2', 'level')
    expect({ code: life.code, signal: life.signal }).toEqual({ code: 7, signal: null })
    expect(recordsOf(life.output)).toHaveLength(100)
  })

  it('has no listener of ours when it is the debugger, the profiler, a broken pipe or a fault', async () => {
    const { output } = await runner.run({ path: listeners, args: [...COVERED, ...LEFT_ALONE], outlet: 'socket' })
    const counts = JSON.parse(output) as Record<string, number>
    expect(counts).toEqual(
      Object.fromEntries([...COVERED.map((name) => [name, 1]), ...LEFT_ALONE.map((name) => [name, 0])]),
    )
  })
})
