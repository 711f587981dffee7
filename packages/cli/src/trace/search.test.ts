import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runs } from '../../../core/test-support/runs.js'
import { holds, search } from './search.js'

it('finds the lines that hold an id as a whole word, once each', () => {
  const bytes = Buffer.from('{"id":"req-1"}\n{"id":"req-12"}\n{"a":"req-1","b":"req-1"}\r\nxreq-1\nreq-1')
  expect(search({ bytes, offset: 0 }, [Buffer.from('req-1')])).toEqual([
    { start: 0, text: '{"id":"req-1"}' },
    { start: 31, text: '{"a":"req-1","b":"req-1"}' },
    { start: 65, text: 'req-1' },
  ])
})

it('finds the same lines as looking at each, whatever the bytes', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', '-', '"', ' ', '\n'), { maxLength: 200 })
    .map((parts) => parts.join(''))
  const id = fc.array(fc.constantFrom('a', 'b', '-'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, fc.array(id, { minLength: 1, maxLength: 3 }), (content, ids) => {
      const expected = content.split('\n').filter((line) => ids.some((each) => holds(line, each)))
      const block = { bytes: Buffer.from(content), offset: 0 }
      expect(
        search(
          block,
          ids.map((each) => Buffer.from(each)),
        ).map((hit) => hit.text),
      ).toEqual(expected)
    }),
    { numRuns: runs(2000) },
  )
})
