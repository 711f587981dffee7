import { setTimeout as delay } from 'node:timers/promises'
import { context, createLogger, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { throughline } from './throughline.js'

interface Finding {
  readonly check: string
  readonly severity: string
  readonly text: string
  readonly count: number
  readonly place?: { readonly file: string; readonly line: number }
}

const at = (ms: number) => new Date(Date.UTC(2024, 0, 22) + ms).toISOString()
const record = (ms: number, fields: object = {}) =>
  `${JSON.stringify({ timestamp: at(ms), level: 'INFO', message: 'x', ...fields })}\n`

async function findings(input: string): Promise<readonly Finding[]> {
  const { stdout, stderr, status } = await throughline(['doctor', '--json'], { input })
  expect(stderr).toBe('')
  const found: Finding[] = JSON.parse(stdout).findings
  expect(status).toBe(found.some(({ severity }) => severity === 'problem') ? 1 : 0)
  return found
}

const CARD = '4111111111111111'
const JWT =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'

describe('throughline doctor', () => {
  it.each([
    ['collision', record(1, { a: { b: 1 } }) + record(2, { a_b: 1 }), '"a.b" and "a_b" are both a_b for Loki', 2],
    ['collision', record(1, { 'a-b': 1, 'a.b': 1 }), '"a-b" and "a.b" are both a_b for Loki', 1],
    ['type', record(1, { n: 1 }) + record(2, { n: 2 }) + record(3, { n: '3' }), 'n is number (2) and string (1)', 3],
    ['duplicate-key', record(1).replace('}', ',"level":"WARN"}'), 'level stands twice in one object', 1],
    ['long-line', record(1, { text: 'x'.repeat(17_000) }), 'lines over 16 KiB', 1],
    ['order', record(2000) + record(1) + record(3000), 'timestamps out of order, by up to 2.00 s', 2],
    ['timestamp', '{"message":"x"}\n', 'records without a readable timestamp', 1],
    ['not-json', `${record(1)}plain\n`, 'lines that are no JSON object', 2],
    ['secret', record(1, { user: { password: 'hunter2' } }), 'user.password holds a value', 1],
    ['secret', record(1, { note: `card ${CARD}` }), 'note holds what looks like a secret (creditCard)', 1],
    ['secret', record(1, { message: CARD }), 'message holds what looks like a secret (creditCard)', 1],
    ['secret', record(1, { message: `token ${JWT}` }), 'message holds what looks like a secret (jwt)', 1],
    ['secret', record(1, { headers: ['Authorization', `Bearer ${JWT}`] }), 'headers holds what looks like a secret', 1],
  ])('finds a %s in %.60s', async (check, input, text, place) => {
    const found = await findings(input)
    expect(found).toEqual([
      expect.objectContaining({ check, severity: 'problem', text: expect.stringContaining(text) }),
    ])
    expect(found[0]?.place).toEqual({ file: 'standard input', line: place })
  })

  it('measures a line as it was logged, out of what a runtime puts around it and its parts', async () => {
    const cri = (tag: string, text: string) => `2024-01-22T10:15:23.12Z stdout ${tag} ${text}\n`
    const long = record(1, { text: 'x'.repeat(17_000) }).trimEnd()
    const split = cri('P', long.slice(0, 16_384)) + cri('F', long.slice(16_384))
    expect(await findings(split)).toEqual([
      expect.objectContaining({ check: 'long-line', text: expect.stringContaining(`has ${long.length + 1} bytes`) }),
    ])
    // Each quote takes two bytes in json-file's wrapper.
    const quotes = record(1, { text: '"'.repeat(7000) })
    const wrapped = JSON.stringify({ log: quotes, stream: 'stdout', time: '2024-01-22T10:15:23.12Z' })
    expect(wrapped.length).toBeGreaterThan(16_384)
    expect(await findings(`${wrapped}\n`)).toEqual([])
  })

  it('says which fields would break an index as labels, and calls it advice', async () => {
    const input = Array.from({ length: 300 }, (_, i) =>
      record(i, { request_id: `r-${i}`, region: `eu-${i % 3}` }),
    ).join('')
    expect(await findings(input)).toEqual([
      expect.objectContaining({
        check: 'cardinality',
        severity: 'advice',
        text: expect.stringContaining('request_id has 300 values'),
      }),
    ])
  })

  it('shows no key that is an address or a secret, and not the whole of a long one', async () => {
    const long = `${'x'.repeat(4_000)}_password`
    const users = { 'ada@example.org': { password: 'hunter2' }, [CARD]: { token: 'hunter2' }, [long]: 'hunter2' }
    const found = await findings(record(1, { users }) + record(2, { users }))
    expect(found.filter(({ check }) => check === 'secret')).toHaveLength(3)
    const text = JSON.stringify(found)
    for (const hidden of ['ada@example.org', CARD, 'x'.repeat(200)]) expect(text).not.toContain(hidden)
    const { stdout } = await throughline(['doctor'], { input: record(1, { users }) })
    for (const hidden of ['ada@example.org', CARD, 'x'.repeat(200), 'hunter2']) expect(stdout).not.toContain(hidden)
  })

  it('takes no span id for a card, though it has the digits of one', async () => {
    const ids = { span_id: CARD, parent_span_id: CARD, 'dd.span_id': CARD }
    expect(await findings(record(1, ids))).toEqual([])
  })

  it('never says a secret', async () => {
    const input = record(1, { password: 'hunter2', note: `card ${CARD} ${JWT}` })
    for (const args of [['doctor'], ['doctor', '--json']]) {
      const { stdout } = await throughline(args, { input })
      for (const secret of ['hunter2', CARD, JWT]) expect(stdout).not.toContain(secret)
    }
  })

  it('takes no offence at lines that were held until their outcome was known', async () => {
    const destination = memory()
    const log = createLogger({ service: 'api', destination, sampling: { success: 0 }, env: {} })
    await log
      .operation('slow', {}, async () => {
        await delay(5)
        log.info('ready') // of the operation
        context.run({ request_id: 'another' }, () => log.audit('meanwhile'))
        await delay(5)
        throw new Error('no')
      })
      .catch(() => {})
    await log.close()
    expect(destination.records[0]).toMatchObject({ message: 'meanwhile' })
    expect(await findings(destination.lines.map((line) => `${line.trimEnd()}\n`).join(''))).toEqual([])
  })

  it('finds nothing in what the logger itself wrote, secrets and all', async () => {
    const destination = memory()
    const log = createLogger({ service: 'api', destination, sequence: true, env: {} })
    for (let i = 0; i < 50; i++) {
      log.info('paid', {
        password: 'hunter2',
        card_number: CARD,
        request_id: crypto.randomUUID(),
        big: 'x'.repeat(20_000),
      })
      log.error('failed', new Error('no'))
    }
    await log.close()
    const { stdout, status } = await throughline(['doctor'], {
      input: destination.lines.map((line) => `${line.trimEnd()}\n`).join(''),
    })
    expect(stdout).toBe('nothing that a log store would choke on, in 101 lines\n')
    expect(status).toBe(0)
  })
})
