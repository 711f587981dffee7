import { defineEvent } from '@throughline/event'
import { createLogger, stdout } from 'throughline'

const text = { type: 'string' }
const ordered = defineEvent('order_placed', {
  type: 'object',
  properties: {
    order_id: text,
    email: { type: 'string', 'x-log': 'mask' },
    password: text,
    customer: { type: 'object', properties: { id: text, api_key: text } },
    lines: { type: 'array', items: { type: 'object', properties: { sku: text, qty: { type: 'integer' } } } },
    method: { oneOf: [kind('card', 'brand'), kind('bank', 'country')] },
  },
  required: ['order_id'],
})

function kind(name, field) {
  return { type: 'object', properties: { kind: { const: name }, [field]: text } }
}

const log = createLogger({ service: 'shop', env: {}, destination: stdout() })
log.emit(ordered, {
  order_id: 'o-1',
  email: 'ann@example.org',
  password: 'canary',
  customer: { id: 'c-1', api_key: 'canary', other: 'canary' },
  lines: [{ sku: 's-1', qty: 2, other: 'canary' }],
  method: { kind: 'card', brand: 'v', country: 'canary' },
  other: 'canary',
})
log.emit(ordered, { order_id: { other: 'canary' }, lines: 'canary' })
await log.close()
