import { expect, it, vi } from 'vitest'
import { captureLogs } from './capture-logs.js'
import { testDestination } from './destination/test-destination.js'

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

it('finds by what is within lists and objects', () => {
  const logs = captureLogs()
  logs.createLogger().info('Paid', { user: { id: 7, name: 'Ada' }, items: [{ sku: 'A-7', left: 2 }, 'gift'] })
  expect(logs.find({ user: { id: (id: unknown) => Number(id) > 6, name: /^A/ } })).toBeDefined()
  expect(logs.find({ items: [{ sku: /^A/, left: 2 }, 'gift'] })).toBeDefined()
  expect(logs.find({ user: { id: 7 } })).toBeUndefined()
  expect(logs.find({ user: { id: 7, toString: undefined } })).toBeUndefined()
  expect(logs.find({ items: [{ sku: /^A/, left: 2 }] })).toBeUndefined()
  expect(logs.find({ user: { id: expect.any(Number), name: expect.stringContaining('d') } })).toBeDefined()
  expect(logs.find({ user: expect.objectContaining({ id: 8 }) })).toBeUndefined()
})

it.each<[unknown, string]>([
  [/low/, 'got /low/'],
  ['low', "got 'low'"],
  [undefined, 'got undefined'],
  [[], 'got []'],
])('refuses %o, which would ask nothing of any field', async (match, got) => {
  const logs = captureLogs()
  expect(() => logs.find(match as never)).toThrow(`${got}; accepted: { field: pattern }, or a condition`)
  expect(() => logs.filter(match as never)).toThrow(TypeError)
  await expect(logs.waitFor(match as never)).rejects.toThrow(TypeError)
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
    "no record matched { message: 'Job done' } within 20 ms; 1 were logged, the last of them:\n  INFO Job failed",
  )
})

it('ends waiting where a test has false timers', async () => {
  vi.useFakeTimers()
  try {
    await expect(captureLogs().waitFor({ message: 'never' }, { timeoutMs: 20 })).rejects.toThrow('nothing was logged')
  } finally {
    vi.useRealTimers()
  }
})

it('tells who waits, and not who logs, that a condition threw', async () => {
  const logs = captureLogs()
  const waiting = logs.waitFor(({ user }) => (user as { id: number }).id === 7)
  logs.createLogger().info('without a user')
  await expect(waiting).rejects.toThrow(TypeError)
  expect(logs.records).toHaveLength(1)
})

it('is a destination that keeps the contract', async () => {
  await testDestination(() => {
    const logs = captureLogs()
    return { destination: logs.destination, lines: () => logs.records.map((record) => JSON.stringify(record)) }
  })
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
