import assert from 'node:assert/strict'
import { it } from 'node:test'
import { assertNoLeaks, captureLogs, testDestination } from '@throughline/testing'
import { memory } from 'throughline'

it('asserts what was logged', async () => {
  const logs = captureLogs()
  const log = logs.createLogger({ service: 'shop' })
  setTimeout(() => log.warn('Stock is low', { sku: 'A-7' }), 5)
  const record = await logs.waitFor({ level: 'WARN' })
  assert.equal(record.sku, 'A-7')
})

it('finds no leak', () => assertNoLeaks({ redact: { detect: 'all' } }))

it('finds a destination to keep its contract', () =>
  testDestination(() => {
    const destination = memory()
    return { destination, lines: () => destination.lines }
  }))
