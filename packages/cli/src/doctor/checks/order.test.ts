import { expect, it } from 'vitest'
import { lineOf } from '../../input/lines.js'
import { Order } from './order.js'

const source = { name: 'a.log', path: 'a.log', size: undefined }

it('sees disorder within a request, however many came before it', () => {
  const order = new Order()
  const examine = (request_id: string, ms: number) => {
    const record = { timestamp: new Date(ms).toISOString(), request_id }
    const line = lineOf({ text: JSON.stringify(record), source, number: 1, origin: undefined, bytes: 1, isTorn: false })
    order.examine({ line, record, leaves: [] })
  }
  for (let i = 0; i < 250_000; i++) examine(`req-${i}`, i)
  expect(order.findings()).toEqual([])
  examine('req-249999', 0)
  expect(order.findings()).toMatchObject([{ check: 'order', count: 1 }])
})
