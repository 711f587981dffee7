import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { context } from '../context/context.js'
import type { LevelThreshold } from './level.js'
import { type LevelChange, setLevel } from './live-levels.js'

const changes: LevelChange[] = []

/** `setLevel`, taken back when the test is over. */
function change(text: string, options?: { readonly forMs?: number }): LevelChange {
  const made = setLevel(text, options)
  changes.push(made)
  return made
}

afterEach(() => {
  for (const { undo } of changes.splice(0)) undo()
})

/** The lowest level at which a call writes a line. */
function lowest({ log, lines }: ReturnType<typeof capture>, logger = log): LevelThreshold {
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
    const before = lines.length
    logger[level]('asked')
    expect(logger.isLevelEnabled(level)).toBe(lines.length > before)
    if (lines.length > before) return level
  }
  return 'silent'
}

describe('where a level comes from', () => {
  test('is info by default, and debug in development', () => {
    expect(lowest(capture())).toBe('info')
    expect(lowest(capture({ env: { NODE_ENV: 'production' } }))).toBe('info')
    expect(lowest(capture({ env: { NODE_ENV: 'development' } }))).toBe('debug')
  })

  test('is the option, and the environment over it', () => {
    expect(lowest(capture({ level: 'warn' }))).toBe('warn')
    expect(lowest(capture({ level: 'warn', env: { NODE_ENV: 'development' } }))).toBe('warn')
    expect(lowest(capture({ level: 'warn', env: { LOG_LEVEL: 'trace' } }))).toBe('trace')
    expect(lowest(capture({ level: 'warn', env: { LOG_LEVEL: ' ' } }))).toBe('warn')
  })

  test('is the default where the environment says nothing valid, and the option where there is one', () => {
    expect(lowest(capture({ env: { LOG_LEVEL: 'loud' } }))).toBe('info')
    expect(lowest(capture({ level: 'error', env: { LOG_LEVEL: 'loud' } }))).toBe('error')
  })

  test('is that of the option for modules that the environment does not speak of', () => {
    const captured = capture({ level: 'info,db=trace', env: { LOG_LEVEL: 'http=warn' } })
    expect(lowest(captured, captured.log.child({}, { name: 'db' }))).toBe('trace')
    expect(lowest(captured, captured.log.child({}, { name: 'http' }))).toBe('warn')
    expect(lowest(captured)).toBe('info')
  })

  test('is silent where it says so, but for audit', () => {
    const { log, lines, last } = capture({ level: 'silent' })
    log.fatal('nobody hears this')
    expect(lines).toHaveLength(0)
    log.audit('this is on record')
    expect(last()).toMatchObject({ level: 'INFO', log_type: 'audit', message: 'this is on record' })
  })
})

describe('levels of modules', () => {
  const captured = capture({ name: 'app', env: { LOG_LEVEL: 'warn,db=debug,db.pool=error,http.*=trace,app=info' } })
  test.for([
    ['app', 'info'],
    ['app.part', 'info'],
    ['db', 'debug'],
    ['db.query', 'debug'],
    ['db.pool', 'error'],
    ['db.pool.idle', 'error'],
    ['http', 'warn'],
    ['http.client', 'trace'],
    ['other', 'warn'],
  ] as const)('%s: %s', ([name, level]) => {
    expect(lowest(captured, captured.log.child({}, { name }))).toBe(level)
  })

  test('a child without a name has its parent’s', () => {
    const db = captured.log.child({}, { name: 'db' })
    expect(lowest(captured, db.child({ table: 'users' }).child({ row: 1 }))).toBe('debug')
  })

  test('the later of two that say the same decides, and the longer name over the shorter', () => {
    expect(lowest(capture({ env: { LOG_LEVEL: 'error,trace' } }))).toBe('trace')
    const { log, lines } = capture({ env: { LOG_LEVEL: 'a.b=trace,a=error' } })
    expect(lowest({ log, lines } as ReturnType<typeof capture>, log.child({}, { name: 'a.b' }))).toBe('trace')
  })
})

describe('levels of contexts', () => {
  test('a condition holds in contexts that meet it, and nowhere else', () => {
    const captured = capture({ env: { LOG_LEVEL: 'warn,[user_id=42]=trace' } })
    expect(lowest(captured)).toBe('warn')
    context.run({ user_id: 7 }, () => expect(lowest(captured)).toBe('warn'))
    context.run({ user_id: 42 }, () => {
      expect(lowest(captured)).toBe('trace')
      context.run({ request_id: 'r' }, () => expect(lowest(captured)).toBe('trace'))
      context.run({ user_id: 7 }, () => expect(lowest(captured)).toBe('warn'))
    })
  })

  test('a condition follows a field that is set later', () => {
    const captured = capture({ env: { LOG_LEVEL: 'warn,[user_id]=debug' } })
    context.run({}, () => {
      expect(lowest(captured)).toBe('warn')
      context.set({ user_id: 1 })
      expect(lowest(captured)).toBe('debug')
    })
  })

  test('a condition may quiet a context too', () => {
    const captured = capture({ env: { LOG_LEVEL: 'info,[path=/health]=error' } })
    context.run({ path: '/health' }, () => expect(lowest(captured)).toBe('error'))
    context.run({ path: '/users' }, () => expect(lowest(captured)).toBe('info'))
  })

  test('the condition that asks for more decides', () => {
    const captured = capture({ env: { LOG_LEVEL: 'info,[a]=error,[a b]=debug' } })
    context.run({ a: 1 }, () => expect(lowest(captured)).toBe('error'))
    context.run({ a: 1, b: 2 }, () => expect(lowest(captured)).toBe('debug'))
  })

  test('of equal conditions the environment’s is over the option’s, and setLevel’s over both', () => {
    const captured = capture({ level: '[a]=trace', env: { LOG_LEVEL: '[a]=error' } })
    context.run({ a: 1 }, () => {
      expect(lowest(captured)).toBe('error')
      change('[a]=debug')
      expect(lowest(captured)).toBe('debug')
    })
  })

  test('of equal conditions in one text the later decides', () => {
    const captured = capture({ env: { LOG_LEVEL: '[a]=trace,[a]=error' } })
    context.run({ a: 1 }, () => expect(lowest(captured)).toBe('error'))
  })
})

describe('levels that are set while the service runs', () => {
  test('setLevel changes every logger at once, children included', () => {
    const one = capture()
    const two = capture({ env: { LOG_LEVEL: 'error' } })
    const child = one.log.child({ a: 1 }).child({ b: 2 }, { name: 'db' })
    change('trace')
    expect(lowest(one)).toBe('trace')
    expect(lowest(one, child)).toBe('trace')
    expect(lowest(two)).toBe('trace')
    expect(lowest(capture())).toBe('trace')
  })

  test('setLevel changes only what it speaks of', () => {
    const captured = capture()
    const db = captured.log.child({}, { name: 'db' })
    change('db=debug')
    expect(lowest(captured)).toBe('info')
    expect(lowest(captured, db)).toBe('debug')
  })

  test('undo takes back this change and no other', () => {
    const captured = capture()
    const debug = change('debug')
    const db = change('db=error')
    debug.undo()
    expect(lowest(captured)).toBe('info')
    expect(lowest(captured, captured.log.child({}, { name: 'db' }))).toBe('error')
    db.undo()
    db.undo()
    expect(lowest(captured, captured.log.child({}, { name: 'db' }))).toBe('info')
  })

  test('undo brings back what the change had replaced', () => {
    const captured = capture()
    const first = change('warn')
    const second = change('debug')
    const third = change('error')
    second.undo()
    expect(lowest(captured)).toBe('error')
    third.undo()
    expect(lowest(captured)).toBe('warn')
    first.undo()
    expect(lowest(captured)).toBe('info')
  })

  test('a change that was undone while another hid it does not come back', () => {
    const captured = capture()
    const first = change('warn')
    const second = change('debug')
    first.undo()
    second.undo()
    expect(lowest(captured)).toBe('info')
  })

  test('a change for a time takes itself back', async () => {
    const captured = capture()
    change('warn')
    change('debug', { forMs: 30 })
    expect(lowest(captured)).toBe('debug')
    for (let i = 0; i < 200 && captured.log.level !== 'warn'; i++) await sleep(10)
    expect(lowest(captured)).toBe('warn')
  })

  test('a time longer than timers know is not a short one', async () => {
    const captured = capture()
    change('debug', { forMs: Number.MAX_SAFE_INTEGER })
    await sleep(20)
    expect(lowest(captured)).toBe('debug')
  })

  test('what does not parse is returned, and the rest applies', () => {
    const captured = capture()
    const { problems } = change('loud,debug')
    expect(problems).toEqual([expect.stringMatching(/^position 1: "loud" has no level/)])
    expect(lowest(captured)).toBe('debug')
  })

  test('log.level changes the root, and the children that have no level of their own', () => {
    const captured = capture()
    const child = captured.log.child({ a: 1 })
    const own = captured.log.child({}, { level: 'error' })
    captured.log.level = 'debug'
    expect(captured.log.level).toBe('debug')
    expect(lowest(captured)).toBe('debug')
    expect(lowest(captured, child)).toBe('debug')
    expect(lowest(captured, own)).toBe('error')
  })

  test('log.level of a child changes it and the children that it makes from then on', () => {
    const captured = capture()
    const child = captured.log.child({ a: 1 })
    child.level = 'trace'
    expect(lowest(captured, child)).toBe('trace')
    expect(lowest(captured, child.child({ b: 2 }))).toBe('trace')
    expect(lowest(captured, child.child({ b: 2 }, { name: 'db' }))).toBe('trace')
    expect(lowest(captured)).toBe('info')
  })

  test('the later of log.level and setLevel wins', () => {
    const captured = capture({ env: { LOG_LEVEL: 'error' } })
    captured.log.level = 'warn'
    expect(lowest(captured)).toBe('warn')
    change('debug')
    expect(lowest(captured)).toBe('debug')
    captured.log.level = 'fatal'
    expect(lowest(captured)).toBe('fatal')
  })

  test('a child’s own level is no newer for a grandchild that is made after setLevel', () => {
    const captured = capture()
    const child = captured.log.child({}, { level: 'error' })
    change('debug')
    expect(lowest(captured, child)).toBe('debug')
    expect(lowest(captured, child.child({}))).toBe('debug')
    expect(lowest(captured, child.child({}, { name: 'db' }))).toBe('debug')
  })

  test('a program that changes levels for ever keeps the directives that still have an effect', () => {
    const captured = capture()
    const db = captured.log.child({}, { name: 'db' })
    change('db=debug')
    const temporary = change('mail=trace', { forMs: 60_000 })
    for (let i = 0; i < 1000; i++) change(i % 2 === 0 ? 'cache=debug' : 'cache=warn')
    expect(lowest(captured, db)).toBe('debug')
    expect(lowest(captured, captured.log.child({}, { name: 'cache' }))).toBe('warn')
    expect(lowest(captured, captured.log.child({}, { name: 'mail' }))).toBe('trace')
    temporary.undo()
    expect(lowest(captured, captured.log.child({}, { name: 'mail' }))).toBe('info')
  })

  test('a level that is none changes nothing and does not throw', () => {
    const captured = capture()
    for (const wrong of ['loud', '', 30, null, undefined, {}] as unknown as LevelThreshold[]) {
      captured.log.level = wrong
      expect(captured.log.isLevelEnabled(wrong)).toBe(false)
      expect(lowest(captured, captured.log.child({}, { level: wrong }))).toBe('info')
    }
    expect(captured.log.level).toBe('info')
  })
})
