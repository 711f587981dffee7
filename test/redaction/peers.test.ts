import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Answer } from './peers/case.js'
import { DIFFERENCES } from './peers/differences.js'
import { fieldsOf, ours } from './peers/ours.js'
import { peerCases } from './peers/suites.js'

// The suites that fast-redact, @pinojs/redact and pino publish with their packages: every question is put to us too.

const PAGE = join(import.meta.dirname, '../../docs/explanation/decisions/redaction-and-pino.md')

const cases = await peerCases()
const differing = cases.filter((one) => !isDeepStrictEqual(comparable(one.answer), comparable(ours(one))))

function comparable(answer: Answer): Answer {
  return 'threw' in answer ? answer : { output: fieldsOf(answer.output) }
}

/** The longest beginning counts: one test's name may begin as another's. */
function differenceOf(name: string): string | undefined {
  const all = Object.entries(DIFFERENCES).flatMap(([difference, tests]) => tests.map((test) => ({ difference, test })))
  const found = all.filter(({ test }) => name.startsWith(test)).sort((a, b) => b.test.length - a.test.length)
  return found[0]?.difference
}

describe("the peers' own suites", () => {
  it('ask several hundred questions, or they were not read', () => {
    const asked = (peer: string) => cases.filter(({ name }) => name.startsWith(`${peer}: `)).length
    expect(asked('fast-redact')).toBeGreaterThan(200)
    expect(asked('@pinojs/redact')).toBeGreaterThan(70)
    expect(asked('pino')).toBeGreaterThan(50)
  })

  it('are answered alike, but for what the page tells', () => {
    const untold = differing.filter(({ name }) => differenceOf(name) === undefined)
    expect(
      untold.map((one) => ({ name: one.name, there: comparable(one.answer), here: comparable(ours(one)) })),
    ).toEqual([])
  })

  it.each(Object.entries(DIFFERENCES))(
    '%s: each test that is named for it is answered otherwise',
    (difference, tests) => {
      const found = differing.filter(({ name }) => differenceOf(name) === difference).map(({ name }) => name)
      expect(tests.filter((test) => !found.some((name) => name.startsWith(test)))).toEqual([])
    },
  )

  it('differ by what the page tells, and by nothing else', () => {
    const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| (?!case |---)(.+?) \|/gm)
    expect([...rows].map(([, name]) => name).sort()).toEqual(Object.keys(DIFFERENCES).sort())
  })
})

it('no difference lets through what a peer hides, but where the page says so', () => {
  const shown = differing.filter((one) => {
    const own = ours(one)
    const isHidden = (answer: Answer) => /redacted/i.test(JSON.stringify(answer))
    return isHidden(one.answer) && !isHidden(own) && !('threw' in own)
  })
  const names = new Set(shown.map(({ name }) => differenceOf(name)))
  // In each, what is shown is not what the path names, or is nothing.
  expect([...names].sort()).toEqual([
    'A path that goes on behind the value',
    'A path through a circle',
    'The value is `null`',
  ])
})
