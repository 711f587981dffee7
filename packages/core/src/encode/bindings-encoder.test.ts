import { expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { context } from '../context/context.js'

test('bound keys that were cut to one stand once', () => {
  const keys = ['b', 'c'].map((middle) => 'a'.repeat(900) + middle.repeat(400) + 'z'.repeat(900))
  const fields = Object.fromEntries(keys.map((key) => [key, 'x']))
  const { log, lines } = capture()
  log.info('said', fields)
  log.child(fields).info('said')
  context.run(fields, () => log.info('said'))
  expect(lines.map((line) => line.split('"aaaa').length - 1)).toEqual([1, 1, 1])
})
