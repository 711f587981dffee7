import { expect, it } from 'vitest'
import { partialSuccess } from './partial-success.js'

const said = Buffer.from('too old')
// ExportLogsServiceResponse: field 1 is the message, in which 1 is the number and 2 the words.
const message = [0x08, 2, 0x12, said.length, ...said]

it.each<[string, Uint8Array, object]>([
  ['protobuf', Uint8Array.of(0x0a, message.length, ...message), { rejected: 2, message: 'too old' }],
  [
    'JSON',
    Buffer.from('{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'),
    { rejected: 2, message: 'too old' },
  ],
  ['JSON without one', Buffer.from('{}'), { rejected: 0, message: '' }],
  ['protobuf without one', new Uint8Array(), { rejected: 0, message: '' }],
  ['protobuf that was cut', Uint8Array.of(0x0a, message.length, ...message.slice(0, 5)), { rejected: 0, message: '' }],
  ['an answer that is none of OTLP', Buffer.from('<p>OK</p>'), { rejected: 0, message: '' }],
])('is read from %s, whatever type the server says that it is', (_, body, found) => {
  expect(partialSuccess({ body })).toEqual(found)
})
