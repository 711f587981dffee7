import { expect, it } from 'vitest'
import { createLogger, memory, type RedactOptions } from '../index.js'
import { BoundedText } from './bounded-text.js'

function shown(text: string, length: number, redact: RedactOptions): unknown {
  const destination = memory()
  createLogger({ env: {}, service: 's', destination, redact }).info('m', { body: new BoundedText(text, length) })
  return destination.records[0]?.body
}

it('a text of which the beginning is shown is redacted before it is cut', () => {
  const text = `card=${'x'.repeat(20)} 4111111111111111 and more`
  for (let length = 27; length < 42; length++) {
    const body = String(shown(text, length, { detect: ['creditCard'] }))
    expect(body).not.toMatch(/41111/)
    expect(body).toMatch(/…$/)
  }
  expect(shown('plain text', 5, {})).toBe('plain…')
})
