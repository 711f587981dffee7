import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { ended, NamedPipe, noPosix, Runner, recordsOf, type Startable, start, temporaryFolder } from '../child.js'
import { Puppet, Reader } from './puppet.js'

describe.skipIf(noPosix).concurrent(`one log of several writers${noPosix ? ` (${noPosix})` : ''}`, () => {
  const folder = temporaryFolder()
  const runner = new Runner(folder)
  const program = (name: string, ...args: string[]): Startable => ({ path: join(import.meta.dirname, name), args })

  it.each(['pipe', 'socket'])('holds whole lines of a cluster and its children: %s', async (outlet) => {
    const lines = 1_500
    const cluster = program('cluster.mjs', String(lines))
    const pipe = outlet === 'pipe' ? new NamedPipe(folder) : undefined
    const child = pipe?.start(cluster) ?? start(cluster, ['ignore', 'pipe', 'inherit'])
    const reader = new Reader(pipe?.reader ?? (child.stdout as Socket))
    // Slow, so that the pipe is full most of the time.
    const stutter = setInterval(() => {
      reader.stop()
      setTimeout(() => reader.goOn(), 5)
    }, 6)
    const records = recordsOf(await reader.all)
    clearInterval(stutter)
    const writers = ['primary', 'worker 1', 'worker 2', 'worker 3', 'child']
    expect(Object.fromEntries(writers.map((who) => [who, numbersOf(records, who)]))).toEqual(
      Object.fromEntries(writers.map((who) => [who, numbers(lines)])),
    )
  })

  it.skipIf(process.platform !== 'linux')(
    'truncates what a shared pipe would not take whole, and tears no line',
    async () => {
      const lines = 400
      const pipe = new NamedPipe(folder)
      pipe.start({ ...program('cluster.mjs', String(lines)), env: { LONG_LINES: '1' } })
      const reader = new Reader(pipe.reader)
      const stutter = setInterval(() => {
        reader.stop()
        setTimeout(() => reader.goOn(), 5)
      }, 6)
      const output = await reader.all
      clearInterval(stutter)
      const records = recordsOf(output)
      for (const who of ['primary', 'worker 1', 'worker 2', 'worker 3', 'child'])
        expect(numbersOf(records, who)).toEqual(numbers(lines))
      expect(Math.max(...output.split('\n').map((line) => Buffer.byteLength(line) + 1))).toBeLessThanOrEqual(4_096)
      expect(records.filter(({ truncated }) => truncated !== undefined).length).toBeGreaterThan(1_000)
    },
  )

  it.each([
    ['piped', false],
    ['inherited', true],
    ['thread', true],
    ['compressing', false],
  ])('truncates long lines only when the others may write to the pipe: %s', async (others, isTruncated) => {
    const pipe = new NamedPipe(folder)
    pipe.start(program('others.mjs', others, join(folder, `${others}.log`)))
    const [record] = recordsOf(await text(pipe.reader))
    expect(record?.truncated !== undefined).toBe(isTruncated && process.platform === 'linux')
  })

  it('writes longer lines to a pipe of its own', async () => {
    const pad = 'x'.repeat(10_000)
    const pipe = new NamedPipe(folder)
    const puppet = await Puppet.onPipe(pipe, {})
    await puppet.log({ count: 1, pad })
    await puppet.end()
    const [record] = recordsOf(await text(pipe.reader))
    expect(record).toMatchObject({ pad })
  })

  for (const outlet of ['pipe', 'socket', 'file'] as const) {
    it.each(['return', 'exit', 'crash', 'terminate'])(
      `holds whole lines of threads, and all, whoever ends first: ${outlet}, %s`,
      async (ending) => {
        const { output, stderr, code } = await runner.run({ ...program('threads.mjs', ending), outlet })
        expect(code).toBe({ return: 0, exit: 3, crash: 1, terminate: 0 }[ending])
        const counts = JSON.parse(/^\[.*\]$/m.exec(stderr)?.[0] ?? '') as number[]
        const records = recordsOf(output)
        for (const [who, count] of counts.entries()) {
          const found = numbersOf(records, who)
          expect(found).toEqual(numbers(found.length))
          // The others go on while the main thread writes its last, and may be stopped between a line and its counting.
          expect(found.length).toBeGreaterThanOrEqual(count)
        }
      },
    )
  }

  it('holds whole lines of two processes that append to one file', async () => {
    const path = join(folder, 'appended.log')
    const puppets = await Promise.all(
      ['turn', { bytes: 65536, ms: 50 }].map((policy) =>
        Puppet.on('ignore', { to: 'file', path, policy: policy as 'turn' }),
      ),
    )
    await Promise.all(puppets.map((puppet) => puppet.start({ everyMs: 1, count: 100, pad: '日本語 '.repeat(50) })))
    await Promise.all(
      puppets.map(async (puppet) => {
        while ((await puppet.ask()).logged < 5_000);
      }),
    )
    const logged = await Promise.all(
      puppets.map(async (puppet) => {
        await puppet.tell('stop')
        const account = await puppet.ask()
        await puppet.end()
        return account.logged
      }),
    )
    const records = recordsOf(readFileSync(path, 'utf8'))
    expect(records).toHaveLength((logged[0] as number) + (logged[1] as number))
  })

  it('keeps the order of several loggers on one stream, each by its own policy', async () => {
    const pipe = new NamedPipe(folder)
    const child = pipe.start(program('loggers.mjs'))
    const [output, stderr] = await Promise.all([text(pipe.reader), text(child.stderr as Socket), ended(child)])
    const records = recordsOf(output)
    const lines = records.filter(({ message }) => message === 'line')
    expect(lines.map(({ n }) => n)).toEqual(numbers(3_000))
    // Each tells of its own lines, and of nobody else's.
    for (const name of ['one', 'two', 'three']) {
      const own = records.filter(({ logger }) => logger === name)
      expect(own.map(({ seq }) => seq)).toEqual(numbers(own.length).map((n) => n + 1))
      expect(own.at(-1)).toMatchObject({ message: 'Log stats', emitted: own.length, dropped: 0 })
    }
    expect(stderr).toBe('')
  })
})

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

function numbersOf(records: readonly Record<string, unknown>[], who: unknown): number[] {
  return records.filter((record) => record.message === 'line' && record.who === who).map(({ n }) => n as number)
}
