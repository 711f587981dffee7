import { once } from 'node:events'
import { readFileSync, utimesSync } from 'node:fs'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ended, noPosix, start, temporaryFolder } from '../child.js'
import { filesOf, recordsIn } from './rotated.js'

const KILLS = 60
/** A process is killed at most so long after its first line: some before their first rotation, most after many. */
const MOST_MS = 80

const DAYS_AGO = Date.now() / 1000 - 2 * 86_400

/** Which lines of whom were logged: the call had returned. */
type Logged = ReadonlyMap<string, number>

describe.skipIf(noPosix)(`a log that rotates while its processes are killed${noPosix ? ` (${noPosix})` : ''}`, () => {
  const program = join(import.meta.dirname, 'rotating.mjs')

  /** @returns how many lines it had logged when it was killed. */
  async function killed(path: string, rotate: object, who: string): Promise<number> {
    const returned = join(dirname(path), `returned-${who}`)
    const child = start({ path: program, args: [path, JSON.stringify(rotate), who, returned] }, [
      'ignore',
      'pipe',
      'inherit',
    ])
    await once(child.stdout as Socket, 'data')
    await sleep(Math.random() * MOST_MS)
    child.kill('SIGKILL')
    await expect(ended(child)).resolves.toEqual({ code: null, signal: 'SIGKILL' })
    return readFileSync(returned, 'utf8').split('\n').length - 1
  }

  async function whole(path: string, rotate: object, who: string): Promise<void> {
    const args = [path, JSON.stringify(rotate), who, '/dev/null', '500']
    await ended(start({ path: program, args }, ['ignore', 'ignore', 'inherit']))
  }

  /** Every line whose call had returned is there once, and at most one more of each process. */
  function check(path: string, logged: Logged): void {
    const files = filesOf(path)
    const found = new Map<string, number[]>()
    for (const name of files) {
      // A process that was killed between the two leaves a file beside its complete copy; the next one removes it.
      if (files.includes(`${name}.gz`)) continue
      for (const { who, n } of recordsIn(path, name)) {
        const numbers = found.get(who as string) ?? []
        found.set(who as string, numbers)
        numbers.push(n as number)
      }
    }
    for (const [who, count] of logged) {
      const numbers = (found.get(who) ?? []).sort((a, b) => a - b)
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => n))
      expect(numbers.length - count).toBeOneOf([0, 1])
    }
  }

  it.each([
    { name: 'by size, compressed', rotate: { size: 4_000, compress: 'gzip' }, atOnce: 1 },
    {
      name: 'by size and time, two processes at once',
      rotate: { size: 10_000, every: 7, compress: 'gzip' },
      atOnce: 2,
    },
  ])(`loses, tears and repeats no line: ${KILLS} kills, $name`, async ({ rotate, atOnce }) => {
    const path = join(temporaryFolder(), 'app.log')
    const logged = new Map<string, number>()
    for (let kills = 0; kills < KILLS; ) {
      const lives = Array.from({ length: atOnce }, async () => {
        const who = `${++kills}`
        logged.set(who, await killed(path, rotate, who))
      })
      await Promise.all(lives)
      if (kills % 20 === 0) check(path, logged)
    }
    // What the killed ones left is finished by the next process. A file whose claim was not written yet may have a writer, for all
    // that is known; a day later it has none.
    for (const day of ['first', 'second']) {
      logged.set(day, 500)
      await whole(path, rotate, day)
      check(path, logged)
      for (const name of filesOf(path)) utimesSync(join(dirname(path), name), DAYS_AGO, DAYS_AGO)
    }
    await whole(path, rotate, 'third')
    const files = filesOf(path)
    expect(files.length).toBeGreaterThan(KILLS)
    expect(files.filter((name) => !name.endsWith('.gz'))).toEqual(['app.log'])
  })
})
