import { expect, it } from 'vitest'
import { captureLogs } from './capture-logs.js'

it('has the records of what was logged, typed and in order', () => {
  using logs = captureLogs()
  const log = logs.createLogger({ service: 'shop' })
  log.info('first', { n: 1 })
  log.warn('second')
  expect(logs.records.map(({ level, message }) => [level, message])).toEqual([
    ['INFO', 'first'],
    ['WARN', 'second'],
  ])
})

it('is not silenced by the environment of the runner', () => {
  process.env.LOG_LEVEL = 'silent'
  try {
    const logs = captureLogs()
    logs.createLogger().info('heard')
    expect(logs.records).toHaveLength(1)
  } finally {
    delete process.env.LOG_LEVEL
  }
})

it('finds by value, pattern and condition', () => {
  const logs = captureLogs()
  const log = logs.createLogger()
  log.info('Stock is low', { sku: 'A-7', left: 2, tags: ['x'] })
  expect(logs.find({ message: /low$/, left: (left) => Number(left) < 3, tags: ['x'] })?.sku).toBe('A-7')
  expect(logs.find({ sku: 'A-8' })).toBeUndefined()
  expect(logs.find({ sku: 'A-7', missing: undefined })).toBeDefined()
  expect(logs.filter(({ level }) => level === 'INFO')).toHaveLength(1)
})

it('waits for a record that comes later', async () => {
  const logs = captureLogs()
  const log = logs.createLogger()
  setTimeout(() => log.info('Job done', { job_id: 7 }), 10)
  await expect(logs.waitFor({ job_id: 7 })).resolves.toMatchObject({ message: 'Job done' })
  await expect(logs.waitFor({ job_id: 7 })).resolves.toMatchObject({ message: 'Job done' })
})

it('says what was logged instead when nothing came', async () => {
  const logs = captureLogs({ timeoutMs: 20 })
  logs.createLogger().info('Job failed')
  await expect(logs.waitFor({ message: 'Job done' })).rejects.toThrow(
    'no record matched { message: "Job done" } within 20 ms; 1 were logged, the last of them:\n  INFO Job failed',
  )
})

it('forgets what was logged, at the end of its scope too', async () => {
  const logs = captureLogs()
  const log = logs.createLogger()
  log.info('one')
  logs.clear()
  expect(logs.records).toEqual([])
  {
    await using scoped = logs
    log.info('two')
    expect(scoped.records).toHaveLength(1)
  }
  expect(logs.records).toEqual([])
})
