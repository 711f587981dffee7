import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { ended, NamedPipe, noPosix, recordsOf, temporaryFolder } from '../child.js'

/** What the process may take beside the time that the option gives it. */
const SLACK_MS = 3_000

describe.skipIf(noPosix).concurrent(`a reader that is stuck${noPosix ? ` (${noPosix})` : ''}`, () => {
  const folder = temporaryFolder()

  it.each([
    { ending: 'close', options: ['300'], bound: 300, counted: true },
    { ending: 'close', options: [], bound: 5_000, counted: true },
    { ending: 'flush', options: ['300'], bound: 300, counted: false },
    { ending: 'flushSync', options: ['300'], bound: 300, counted: false },
    { ending: 'flushSync', options: [], bound: 5_000, counted: false },
    { ending: 'audit', options: [], bound: 5_000, counted: false },
  ])('does not hold up a SIGTERM handler: $ending $options', async ({ ending, options, bound, counted }) => {
    const pipe = new NamedPipe(folder)
    pipe.reader.pause()
    const started = performance.now()
    const child = pipe.start({ path: join(import.meta.dirname, 'stuck.mjs'), args: [ending, ...options] })
    const stderr = text(child.stderr as Socket)
    await expect(ended(child)).resolves.toEqual({ code: 0, signal: null })
    const tookMs = performance.now() - started
    const { ms, dropped } = JSON.parse(/^@(.*)$/m.exec(await stderr)?.[1] ?? '') as { ms: number; dropped: number }
    expect(ms).toBeGreaterThan(bound - 50)
    // Not once for the call and once more for the end of the process, where the call has waited as long as that would.
    expect(tookMs).toBeLessThan((bound === 300 ? 5_300 : bound) + SLACK_MS)
    expect(await stderr).toMatch(/throughline: stdout: \d+ lines could not be written yet/)
    const lines = recordsOf(wholeLines(await text(pipe.reader))).length
    if (counted) expect(lines + dropped).toBeGreaterThanOrEqual(1_999)
    else expect(dropped).toBe(0)
  })

  /** The pipe may end in the middle of the line that it was full at. */
  function wholeLines(output: string): string {
    return output.slice(0, output.lastIndexOf('\n') + 1)
  }
})

describe.skipIf(noPosix)(`reopen()${noPosix ? ` (${noPosix})` : ''}`, () => {
  it('is tried again where there was no descriptor left', () => {
    const path = join(temporaryFolder(), 'app.log')
    const command = 'ulimit -n 64; exec "$0" "$@" 2>&1'
    const program = join(import.meta.dirname, 'reopen.mjs')
    const output = execFileSync('sh', ['-c', command, process.execPath, program, path], { encoding: 'utf8' })
    expect(output).toMatch(/^throughline: .*app\.log: cannot be opened again .*EMFILE.*, and opening is tried again\n$/)
    const messages = (name: string) => recordsOf(readFileSync(name, 'utf8')).map(({ message }) => message)
    expect([messages(`${path}.1`), messages(path)]).toEqual([['before', 'meanwhile'], ['after']])
  })
})
