import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Unwrapper } from './wrapping.js'

const LINE = '{"message":"hello"}'
const unwrap = (...lines: string[]) => {
  const unwrapper = new Unwrapper()
  const unwrapped = [...lines.flatMap((line) => unwrapper.unwrap(line, line.length)), ...unwrapper.rest()]
  return unwrapped.map(({ text, origin, bytes }) => ({ text, origin, bytes }))
}

describe('a line is taken out of', () => {
  it.each([
    ['nothing', LINE, undefined],
    ["kubectl's prefix", `[pod/api-7d9f/api] ${LINE}`, 'api-7d9f/api'],
    ["kubectl's timestamp", `2024-01-22T10:15:23.120000000Z ${LINE}`, undefined],
    ["kubectl's prefix and timestamp", `[pod/api-7d9f/api] 2024-01-22T10:15:23.120000000Z ${LINE}`, 'api-7d9f/api'],
    ["docker compose's prefix", `api-1  | ${LINE}`, 'api-1'],
    ["docker compose's prefix in colours", `\u001b[36mapi-1  | \u001b[0m${LINE}`, 'api-1'],
    ['a CRI line', `2024-01-22T10:15:23.120000000Z stdout F ${LINE}`, undefined],
    ['a CRI line with an offset', `2024-01-22T10:15:23.120000000+01:00 stderr F ${LINE}`, undefined],
    [
      'a json-file line',
      JSON.stringify({ log: `${LINE}\n`, stream: 'stdout', time: '2024-01-22T10:15:23Z' }),
      undefined,
    ],
  ])('%s', (_, line, origin) => {
    expect(unwrap(line)).toEqual([{ text: LINE, origin, bytes: line.length }])
  })

  it('parts of CRI lines, of two streams that alternate', () => {
    const cri = (stream: string, tag: string, text: string) => `2024-01-22T10:15:23.12Z ${stream} ${tag} ${text}`
    const lines = [
      cri('stdout', 'P', '{"message":'),
      cri('stderr', 'P', 'oh '),
      cri('stdout', 'P', '"hel'),
      cri('stderr', 'F', 'no'),
      cri('stdout', 'F', 'lo"}'),
    ]
    expect(unwrap(...lines).map(({ text }) => text)).toEqual(['oh no', LINE])
  })

  it('parts of json-file lines', () => {
    const part = (log: string) => JSON.stringify({ log, stream: 'stdout', time: 't' })
    const lines = [part('{"message":'), part('"hello"}\n')]
    expect(unwrap(...lines)).toEqual([{ text: LINE, origin: undefined, bytes: lines.join('').length }])
  })

  it('parts whose end never comes', () => {
    const line = '2024-01-22T10:15:23Z stdout P {"mess'
    expect(unwrap(line)).toEqual([{ text: '{"mess', origin: undefined, bytes: line.length }])
  })
})

it.each([
  ['a record that has a field called log', '{"log":"x","level":"INFO"}'],
  ["text that looks like docker compose's prefix", 'WARN | disk full'],
])('leaves %s alone', (_, line) => {
  expect(unwrap(line)).toEqual([{ text: line, origin: undefined, bytes: line.length }])
})

it('gives every line once, in parts or whole, and never throws', () => {
  const head = fc.constantFrom(
    '',
    '[pod/a/b] ',
    'a-1 | ',
    '2024-01-22T10:15:23Z stdout P ',
    '2024-01-22T10:15:23Z stdout F ',
    '{"log":"',
  )
  const line = fc.tuple(head, fc.string()).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(unwrap(...lines).length).toBeLessThanOrEqual(lines.length)
    }),
  )
})
