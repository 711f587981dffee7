import { expect, it } from 'vitest'
import { memory } from '../destination/memory.js'
import { createLogger } from '../index.js'

it('marks the lines about the logger itself with a field that no caller can set', () => {
  const destination = memory()
  const log = createLogger({ service: 's', env: {}, destination, sequence: true, sampling: { success: 1 } })
  log.operation('job', () => log.child({ log_type: 'logger' }).info('Log stats', { log_type: 'logger' }))
  log.flushSync()
  void log.close()
  const marked = destination.records.filter(({ log_type }) => log_type === 'logger').map(({ message }) => message)
  expect(marked).toEqual(['Operation summary', 'Log stats'])
  expect(destination.records.find(({ message }) => message === 'Log stats')).toMatchObject({ field_log_type: 'logger' })
})
