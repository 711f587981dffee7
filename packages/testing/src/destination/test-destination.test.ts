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

type Kept = ReturnType<typeof memory>

describe('a destination that breaks the contract is told why', () => {
  const faults: readonly [string, RegExp, (kept: Kept) => Partial<Destination>][] = [
    ['loses a line', /every line has arrived, once.*: of 10000 lines, 9999 arrived; missing: 499$/m, losing],
    ['repeats lines', /: of 500 lines, 500 arrived; repeated: 0, 100, 200, 300, 400$/m, repeating],
    ['turns lines round', /: of 500 lines, 500 arrived; after a later one: 498, .* 494 and 494 more$/m, turning],
    ['tears lines', /: a line arrived torn or joined, \d+ characters that begin with "\{\\"timestamp/, tearing],
    ['writes ASCII', /text outside ASCII arrives as it was: .* 🧵 .* arrived as "\?\?\? /s, writingAscii],
    ['cuts long lines', /a long line arrives whole, .*: it arrived, and not as it was/, cutting],
    ['throws after close', /close\(\) may be called again.*: closed$/m, throwing],
    ['throws what is no error', /flushSync\(\) does not throw.*: a text$/m, throwingText],
    ['resolves flush too early', /flush\(\) resolves when every line has arrived.*: of 10000 lines, 0 arrived/, late],
    ['returns from flushSync too early', /flushSync\(\) returns when.*: of 1000 lines, 0 arrived/, lateSync],
    ['writes twice what two flushes see', /flushSync\(\) during flush\(\) .*repeated: 0, 1, /, flushingTwice],
    ['loses lines on close', /close\(\) writes what there is first: of 500 lines, 0 arrived/, forgetful],
    ['does not count', /after close\(\) .*: of 3 lines, 0 arrived and 0 were counted at INFO/, uncounting],
  ]

  const faulty = (fault: (kept: Kept) => Partial<Destination>) => () => {
    const kept = memory()
    const { write, flush, flushSync, close } = kept
    return { destination: { write, flush, flushSync, close, ...fault(kept) }, lines: () => kept.lines }
  }

  it.each(faults)('when it %s', async (_what, message, fault) => {
    await expect(testDestination(faulty(fault))).rejects.toThrow(message)
  })

  it('when it never resolves a flush, which is not waited for without end', async () => {
    const hanging = faulty(() => ({ flush: () => new Promise(() => {}) }))
    await expect(testDestination(hanging, { timeoutMs: 100 })).rejects.toThrow(
      '- flush() resolves when there is nothing to write: not done within 100 ms',
    )
  })

  it('when cleaning up fails', async () => {
    const unclean = () => ({ ...faulty(() => ({}))(), cleanUp: () => Promise.reject(new Error('still open')) })
    await expect(testDestination(unclean)).rejects.toThrow(
      '- cleanUp() after "close() writes what there is first": still open',
    )
  })
})

/** A line as it is changed on its way. */
function changing(change: (line: string) => string | undefined): (kept: Kept) => Partial<Destination> {
  return (kept) => ({
    write: (line, level) => {
      const changed = change(line)
      if (changed !== undefined) kept.write(changed, level)
    },
  })
}

const numberOf = (line: string) => Number(/"n":(\d+)/.exec(line)?.[1])

function losing(kept: Kept): Partial<Destination> {
  return changing((line) => (numberOf(line) === 499 ? undefined : line))(kept)
}

function tearing(kept: Kept): Partial<Destination> {
  return changing((line) => (numberOf(line) === 3 ? `${line.slice(0, 40)}\n` : line))(kept)
}

function writingAscii(kept: Kept): Partial<Destination> {
  return changing((line) => line.replace(/[^\0-\x7f]/g, '?'))(kept)
}

function cutting(kept: Kept): Partial<Destination> {
  return changing((line) => line.replace(/é{50000,}/, 'é'))(kept)
}

function repeating(kept: Kept): Partial<Destination> {
  return {
    write: (line, level) => {
      kept.write(line, level)
      if (numberOf(line) % 100 === 0) kept.write(line, level)
    },
  }
}

/** Gathers lines, and hands over what `out` makes of them. */
function gathering(
  kept: Kept,
  out: (lines: string[]) => readonly string[],
): Required<Pick<Destination, 'write'>> & { readonly empty: () => void } {
  const lines: string[] = []
  return {
    write: (line) => {
      lines.push(line)
    },
    empty: () => {
      for (const line of out(lines.splice(0))) kept.write(line, 30)
    },
  }
}

function turning(kept: Kept): Partial<Destination> {
  const { write, empty } = gathering(kept, (lines) => lines.reverse())
  return { write, flush: async () => empty(), flushSync: empty, close: async () => empty() }
}

function forgetful(kept: Kept): Partial<Destination> {
  const { write, empty } = gathering(kept, (lines) => lines)
  return { write, flush: async () => empty(), flushSync: empty, close: async () => {} }
}

/** What a flush has begun to write is what the other finds, too. */
function flushingTwice(kept: Kept): Partial<Destination> {
  let lines: string[] = []
  const empty = (found: readonly string[]) => {
    for (const line of found) kept.write(line, 30)
    lines = lines.slice(found.length)
  }
  const emptyLater = async () => {
    const found = [...lines]
    await Promise.resolve()
    empty(found)
  }
  return {
    write: (line) => {
      lines.push(line)
    },
    flush: emptyLater,
    flushSync: () => empty(lines),
    close: emptyLater,
  }
}

function late(kept: Kept): Partial<Destination> {
  return {
    write: (line, level) => {
      setImmediate(() => kept.write(line, level))
    },
  }
}

function lateSync(kept: Kept): Partial<Destination> {
  const { write, empty } = gathering(kept, (lines) => lines)
  return { write, flush: async () => empty(), flushSync: () => setImmediate(empty), close: async () => empty() }
}

function throwing(kept: Kept): Partial<Destination> {
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

function throwingText(): Partial<Destination> {
  return {
    flushSync: () => {
      throw 'a text'
    },
  }
}

function uncounting(kept: Kept): Partial<Destination> {
  let closed = false
  return {
    close: async () => {
      closed = true
    },
    write: (line, level) => {
      if (!closed) kept.write(line, level)
    },
    dropped: () => ({}),
  }
}
