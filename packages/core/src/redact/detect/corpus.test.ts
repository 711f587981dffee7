import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogger, memory } from '../../index.js'
import { DEFAULT_CENSOR } from '../censor.js'

/** Lines as services write them; `\n` and `\r` stand for themselves in half of them, as in JSON, and as text in the rest. */
function corpus(name: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', `${name}.txt`), 'utf8')
  // The mark keeps scanners of repositories from taking made-up keys for real ones.
  return text.trimEnd().replaceAll('§', '').split('\n')
}

function unescaped(line: string): string {
  return line.replaceAll('\\r', '\r').replaceAll('\\n', '\n')
}

const destination = memory()
const log = createLogger({ env: {}, service: 's', destination, redact: { detect: 'all' } })

/** The line as message, as field and in an error, after all detectors. */
function censored(line: string): readonly unknown[] {
  destination.clear()
  // As a field first: behind a message it would be an argument of the message's specifiers.
  log.child({ body: line }).info(line)
  log.error('failed', new Error(line))
  const [first, second] = destination.records
  return [first?.message, first?.body, second?.error]
}

const untouched = corpus('untouched')
const secret = corpus('censored')

describe('the corpus', () => {
  it('has three hundred lines of each kind', () => {
    expect(new Set(untouched).size).toBeGreaterThanOrEqual(300)
    expect(new Set(secret).size).toBeGreaterThanOrEqual(300)
  })

  it('leaves lines without secrets untouched', () => {
    const touched = untouched.flatMap((line) => {
      const shown = censored(line)
      return shown.every((text) => text === line) ? [] : [{ line, shown: shown[0] }]
    })
    expect(touched).toEqual([])
  })

  it.each([
    ['as text', (line: string) => line],
    ['with real line ends', unescaped],
    ['in JSON in a string', (line: string) => JSON.stringify({ log: unescaped(line) })],
    ['among other text', (line: string) => `before (${line}) after`],
  ])('censors every secret %s and leaves text around it', (_, form) => {
    const failed = secret.flatMap((marked) => {
      const line = form(marked.replaceAll(/[«»]/g, ''))
      const secrets = [...marked.matchAll(/«([^»]*)»/g)].map((match) => match[1] ?? '')
      const shown = censored(line).map(String)
      const isCensored = shown.every((text) => text.includes(DEFAULT_CENSOR))
      const leaks = secrets.filter((one) => shown.some((text) => text.includes(one)))
      return isCensored && leaks.length === 0 ? [] : [{ line, leaks, shown: shown[0] }]
    })
    expect(failed).toEqual([])
  })
})

// Some milliseconds each. A pattern that tries every way to read such a text would not end at all.
it.each([
  ['Bearer ', '-ab'],
  ['Bearer ', 'a.'],
  ['Basic ', 'QQ'],
  ['https://', 'a:b@'],
  ['https://h/?', 'a=b&token='],
  ['', 'password: '],
  ['', '"name":"Cookie","value":'],
  ['', '--token '],
  ['', '<password '],
  ['', 'a@b.'],
  ['', 'DE89 '],
  ['', '4111 '],
  ['eyJ', 'a.eyJ'],
  ['-----BEGIN PRIVATE KEY-----', '\\n'],
  ['', '\\'],
  ['', '<name>a</name><value>'],
  ['', '{"path":["a","value":'],
  ['', '\u001b['],
  ['', '\u001b]8;;'],
  ['', '\u200b'],
  ['', '&#6'],
  ['', '**password**: '],
  ["password: 'a", "' +\n '"],
  ['<input ', ' value=a'],
])('no detector hangs over %j and twenty thousand times %j', (before, unit) => {
  expect(censored(`${before}${unit.repeat(20_000)}~ `)).toHaveLength(3)
})
