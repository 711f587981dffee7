import assert from 'node:assert/strict'
import { it } from 'node:test'
import { captureLogs } from '@throughline/testing'
import { createLogger } from 'throughline'

it('says nothing of its own, and captures all the same', () => {
  createLogger({ service: 'shop' }).error('of the application, on standard output')
  const logs = captureLogs()
  logs.createLogger().debug('below the usual level')
  logs.createLogger().info('captured')
  assert.deepEqual(
    logs.records.map(({ message }) => message),
    ['captured'],
  )
})
