import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type Destination, fanOut, file, memory, stream, type WritePolicy } from 'throughline'
import { describe, expect, it } from 'vitest'
import { testDestination } from './test-destination.js'

describe('the destinations of the core keep the contract', () => {
  it('memory()', async () => {
    await testDestination(() => {
      const destination = memory()
      return { destination, lines: () => destination.lines }
    })
  })

  it.each<WritePolicy>(['line', 'turn', { bytes: 4096, ms: 50 }])('file() with the policy %j', async (policy) => {
    await testDestination(() => {
      const folder = mkdtempSync(join(tmpdir(), 'throughline-conformance-'))
      const path = join(folder, 'log')
      return {
        destination: file(path, { policy }),
        lines: () => readFileSync(path, 'utf8').split('\n').slice(0, -1),
        cleanUp: () => rmSync(folder, { recursive: true }),
      }
    })
  })

  it('stream()', async () => {
    await testDestination(
      () => {
        const target = new PassThrough()
        let text = ''
        target.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        return { destination: stream(target), lines: () => text.split('\n').slice(0, -1) }
      },
      { flushesSync: false },
    )
  })

  it('fanOut()', async () => {
    await testDestination(() => {
      const first = memory()
      return { destination: fanOut([memory(), first]), lines: () => first.lines }
    })
  })
})

describe('a destination that breaks the contract is told why', () => {
  const faults: readonly [string, RegExp, (kept: ReturnType<typeof memory>) => Partial<Destination>][] = [
    ['loses a line', /of 10000 lines, 9999 arrived/, losing],
    ['throws after close', /close\(\) may be called again.*: closed/, (kept) => throwing(kept)],
    ['resolves flush too early', /flush\(\) resolves when every line has arrived/, late],
  ]

  it.each(faults)('when it %s', async (_what, message, fault) => {
    const failure = testDestination(() => {
      const kept = memory()
      const destination = { write: kept.write, flush: kept.flush, flushSync: kept.flushSync, close: kept.close }
      return { destination: { ...destination, ...fault(kept) }, lines: () => kept.lines }
    })
    await expect(failure).rejects.toThrow(message)
  })
})

function losing(kept: ReturnType<typeof memory>): Partial<Destination> {
  let seen = 0
  return {
    write: (line, level) => {
      if (++seen !== 500) kept.write(line, level)
    },
  }
}

function throwing(kept: ReturnType<typeof memory>): Partial<Destination> {
  let closed = false
  return {
    close: async () => {
      closed = true
    },
    write: (line, level) => {
      if (closed) throw new Error('closed')
      kept.write(line, level)
    },
  }
}

function late(kept: ReturnType<typeof memory>): Partial<Destination> {
  return {
    write: (line, level) => {
      setTimeout(() => kept.write(line, level), 50)
    },
  }
}
