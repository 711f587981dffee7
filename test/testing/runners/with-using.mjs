import assert from 'node:assert/strict'
import { it } from 'node:test'
import { captureLogs } from '@throughline/testing'

it('forgets what was logged when its scope ends', async () => {
  const kept = captureLogs()
  {
    await using logs = kept
    logs.createLogger().info('within')
    assert.equal(logs.records.length, 1)
  }
  assert.equal(kept.records.length, 0)
  {
    using logs = kept
    logs.createLogger().info('within')
    assert.equal(logs.records.length, 1)
  }
  assert.equal(kept.records.length, 0)
})
