import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'
import { beforeAll, describe, expect, it } from 'vitest'
import { LokiServer } from '../shipping/loki-server.js'
import { documentedFields, documentedMessages } from './documented-fields.js'
import { expressions } from './expressions.js'
import { namesIn } from './names.js'

/** What a line really has, pushed by the defaults. */
let labels: readonly string[] = []
let metadata: readonly string[] = []

beforeAll(async () => {
  await using server = await LokiServer.start()
  const env = { NODE_ENV: 'production', POD_NAMESPACE: 'production' }
  const log = createLogger({ service: 'api', env, destination: loki({ url: server.url }) })
  const ids = { request_id: 'req-123-abc', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', user_id: 'user-456' }
  log.info('Fetching user', ids)
  log.audit('Account closed', ids)
  await log.close()
  // Audit lines have a label of their own.
  // Loki 3 adds `service_name` to every stream.
  labels = ['service_name', ...new Set(server.entries.flatMap((entry) => Object.keys(entry.labels)))]
  metadata = Object.keys(server.entries[0]?.metadata ?? {})
})

describe.each(expressions())('$at', ({ text }) => {
  it('is LogQL', () => {
    expect(namesIn(text).errors).toEqual([])
  })

  it('selects by labels that a line has', () => {
    const names = namesIn(text).labels
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !labels.includes(name))).toEqual([])
  })

  it('asks for fields that a line has', () => {
    const known = documentedFields()
    expect(namesIn(text).fields.filter((name) => !known.has(name) && ![...labels, ...metadata].includes(name))).toEqual(
      [],
    )
  })

  it('compares levels, kinds and messages with values that they have', () => {
    const values = {
      level: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'],
      log_type: ['audit'],
      message: documentedMessages(),
    }
    for (const { name, operator, value } of namesIn(text).compared) {
      const known = values[name as keyof typeof values]
      if (known === undefined) continue
      for (const one of alternatives(operator, value)) expect(known).toContain(one)
    }
  })
})

/** The texts that a comparison is with: `ERROR|FATAL` and `Request (completed|aborted)` are two each. */
function alternatives(operator: string, value: string): string[] {
  if (!operator.includes('~')) return [value]
  const group = /^(.*)\((.*)\)(.*)$/.exec(value)
  if (group === null) return value.split('|')
  return (group[2] ?? '').split('|').map((word) => `${group[1]}${word}${group[3]}`)
}
