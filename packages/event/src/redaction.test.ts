import { createLogger, memory } from 'throughline'
import { expect, it } from 'vitest'
import { defineEvent } from './define-event.js'

it.each(['json', 'ecs', 'gcp', 'otel'] as const)('redacts the query of a path, in %s', (format) => {
  const destination = memory()
  const log = createLogger({ service: 's', env: {}, destination, format })
  const path = '/reset?token=zz9&page=2'
  const event = defineEvent('seen', {
    type: 'object',
    properties: {
      method: { type: 'string' },
      path: { type: 'string' },
      file_path: { type: ['string', 'number'] },
      paths: { type: 'object', properties: { path: { type: 'array', items: { type: 'string' } } } },
      full_path: { type: 'array', items: { type: 'string' } },
      request: { type: 'object', properties: { path: { type: 'string' } } },
    },
  } as const)
  const paths = { path, file_path: path, full_path: [path], paths: { path: [path] }, request: { path } }
  log.emit(event, { method: 'GET', ...paths })
  const text = destination.lines.join()
  expect(text).not.toContain('zz9')
  expect(text.match(/\/reset\?token=\*\*\*REDACTED\*\*\*&page=2/g)).toHaveLength(5)
})
