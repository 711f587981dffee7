import { once } from 'node:events'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ended, NamedPipe, noPosix, recordsOf, temporaryFolder } from '../child.js'
import { Puppet, type PuppetOptions, Reader } from './puppet.js'

const STOP_MS = 5_000
/** Over a thousand bytes of text of which no character is one byte long. */
const WIDE = 'größer als 日本語 und 🎉 '.repeat(40)

describe.skipIf(noPosix).concurrent(`a pipe whose reader misbehaves${noPosix ? ` (${noPosix})` : ''}`, () => {
  const folder = temporaryFolder()

  async function open(outlet: string, options: PuppetOptions, nodeArgs: readonly string[] = []) {
    if (outlet === 'pipe') {
      const pipe = new NamedPipe(folder)
      return { reader: new Reader(pipe.reader), puppet: await Puppet.onPipe(pipe, options, nodeArgs) }
    }
    const puppet = await Puppet.on('pipe', options, nodeArgs)
    return { reader: new Reader(puppet.child.stdout as Socket), puppet }
  }

  it.each([
    { outlet: 'pipe', policy: 'turn' },
    { outlet: 'pipe', policy: { bytes: 65536, ms: 50 } },
    { outlet: 'socket', policy: 'turn' },
  ] as const)('is waited for without stopping the event loop: $outlet, $policy', async ({ outlet, policy }) => {
    const { reader, puppet } = await open(outlet, { policy, sequence: true })
    await puppet.start({ everyMs: 10, count: 30, pad: 'x'.repeat(100) })
    while (reader.bytes === 0) await sleep(10)
    reader.stop()
    const before = await puppet.ask()
    await sleep(STOP_MS)
    const after = await puppet.ask()
    reader.goOn()
    await puppet.tell('stop')
    const { logged } = await puppet.ask()
    await expect(puppet.end()).resolves.toEqual({ code: 0, signal: null })
    // Enough for the pipe to have been full for most of the time, and turns went on all the same.
    expect(after.ticks - before.ticks).toBeGreaterThan(20)
    const records = recordsOf(await reader.all)
    expect(numbersOf(records)).toEqual(numbers(logged))
    expect(records.at(-1)).toMatchObject({
      message: 'Log stats',
      dropped: 0,
      emitted: records.length,
      seq: records.length,
    })
    expect(puppet.complaints).toEqual([])
  })

  it('is waited for by each line under the policy line', async () => {
    const { reader, puppet } = await open('pipe', { policy: 'line' })
    reader.stop()
    puppet.order('log', { count: 2_000, pad: 'x'.repeat(100) })
    await sleep(STOP_MS / 2)
    reader.goOn()
    await puppet.next()
    // As when the process ends at once: nothing is in its memory.
    puppet.order('kill', { signal: 'SIGKILL' })
    await puppet.ended
    expect(numbersOf(recordsOf(await reader.all))).toEqual(numbers(2_000))
  })

  it('keeps a process that has nothing else to do until it goes on', async () => {
    const { reader, puppet } = await open('pipe', {})
    reader.stop()
    await puppet.log({ count: 2_000, pad: 'x'.repeat(100) })
    const ended = puppet.end()
    // Longer than a process that exits would wait.
    await sleep(STOP_MS + 1_500)
    reader.goOn()
    await expect(ended).resolves.toEqual({ code: 0, signal: null })
    expect(numbersOf(recordsOf(await reader.all))).toEqual(numbers(2_000))
    expect(puppet.complaints).toEqual([])
  })

  it.each(['pipe', 'socket'])('is told of once when it goes away, and the lines are counted: %s', async (outlet) => {
    const { reader, puppet } = await open(outlet, {})
    await puppet.log({ count: 10 })
    while (reader.bytes === 0) await sleep(10)
    reader.source.destroy()
    await once(reader.source, 'close')
    await puppet.log({ count: 500, debug: true })
    await puppet.tell('flush')
    await puppet.log({ count: 500 })
    await puppet.tell('close')
    const { stats } = await puppet.ask()
    expect(stats).toMatchObject({ emitted: 760, dropped: 750, droppedByLevel: { INFO: 740, WARN: 10 } })
    await expect(puppet.end()).resolves.toEqual({ code: 0, signal: null })
    expect(puppet.complaints).toEqual([
      expect.stringMatching(/^throughline: stdout: (EPIPE|ECONNRESET), nobody reads it/),
    ])
  })

  it.each(['pipe', 'socket'])(
    'drops the lowest levels when the queue is full, and says so when it flows: %s',
    async (outlet) => {
      const options: PuppetOptions = { maxQueuedBytes: 2_000_000, sequence: true, level: 'debug' }
      // 60 MB of lines: a queue without a bound would not fit.
      const { reader, puppet } = await open(outlet, options, ['--max-old-space-size=32'])
      reader.stop()
      const count = 150_000
      await puppet.log({ count, pad: 'x'.repeat(200), debug: true })
      const full = await puppet.ask()
      expect(full.logged).toBe(count)
      expect(full.stats.dropped).toBeGreaterThan(100_000)
      expect(full.stats.droppedByLevel.WARN).toBeUndefined()
      expect(full.rss).toBeLessThan(250_000_000)
      puppet.order('flush')
      await sleep(100)
      reader.goOn()
      await puppet.next()
      const { stats } = await puppet.ask()
      await puppet.end()
      const records = recordsOf(await reader.all)
      const found = numbersOf(records)
      expect(found).toEqual([...found].sort((a, b) => a - b))
      expect(found.length + stats.dropped).toBe(count)
      expect(found.filter((n) => n % 100 === 99)).toHaveLength(count / 100)
      // Every line of DEBUG that was in the queue went before any of INFO.
      expect(records.findLast(({ level }) => level === 'DEBUG')?.n).toBeLessThan(1_000)
      const told = records.filter(({ message }) => message === 'Log lines dropped')
      expect(told).toEqual([
        expect.objectContaining({
          level: 'WARN',
          dropped: stats.dropped,
          dropped_total: stats.dropped,
          dropped_by_level: stats.droppedByLevel,
        }),
      ])
      const last = records.at(-1) as { emitted: number; dropped: number }
      expect(last).toMatchObject({ message: 'Log stats', dropped: stats.dropped })
      expect(records.length + last.dropped).toBe(last.emitted)
      expect(puppet.complaints).toEqual([])
    },
  )

  it.each([
    { outlet: 'pipe', policy: 'line' },
    { outlet: 'pipe', policy: 'turn' },
    { outlet: 'pipe', policy: { bytes: 65536, ms: 50 } },
    { outlet: 'socket', policy: 'turn' },
  ] as const)('gets text of wide characters whole, however it is cut: $outlet, $policy', async ({ outlet, policy }) => {
    const { reader, puppet } = await open(outlet, { policy })
    const stutter = setInterval(() => {
      reader.stop()
      setTimeout(() => reader.goOn(), 1)
    }, 2)
    for (let length = 1; length <= WIDE.length; length += 61)
      await puppet.log({ count: 40, pad: WIDE.slice(0, length) })
    const { logged } = await puppet.ask()
    await puppet.end()
    const records = recordsOf(await reader.all)
    clearInterval(stutter)
    expect(numbersOf(records)).toEqual(numbers(logged))
    for (const { pad } of records) expect(WIDE.startsWith((pad as string).replace(/\uFFFD$/, ''))).toBe(true)
  })

  it('loses nothing of a flood within one turn that is larger than the queue', async () => {
    const { reader, puppet } = await open('pipe', { maxQueuedBytes: 1_000_000 })
    const count = 15_000
    await puppet.log({ count, pad: 'x'.repeat(200) })
    const { stats } = await puppet.ask()
    await puppet.end()
    expect(stats.dropped).toBe(0)
    expect(numbersOf(recordsOf(await reader.all))).toEqual(numbers(count))
  })

  it('does not keep a process that exits for ever, not even with standard error in the same pipe', async () => {
    const pipe = new NamedPipe(folder)
    const child = pipe.startJoined({ path: join(import.meta.dirname, 'flood-and-exit.mjs') })
    await expect(ended(child)).resolves.toEqual({ code: 5, signal: null })
    pipe.reader.destroy()
  })

  it('lets a closed logger go and the others on', async () => {
    const { reader, puppet } = await open('pipe', {})
    await puppet.log({ count: 100 })
    await puppet.tell('close')
    await puppet.log({ count: 100 })
    const { stats } = await puppet.ask()
    expect(stats).toMatchObject({ emitted: 200, dropped: 100 })
    await puppet.end()
    expect(numbersOf(recordsOf(await reader.all))).toEqual(numbers(100))
  })
})

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

function numbersOf(records: readonly Record<string, unknown>[]): number[] {
  return records.filter(({ message }) => message === 'line').map(({ n }) => n as number)
}
