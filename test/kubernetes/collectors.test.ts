import { loki } from '@throughline/loki'
import { context, createLogger } from 'throughline'
import { beforeAll, describe, expect, it } from 'vitest'
import { LokiServer, type Stored } from '../shipping/loki-server.js'
import { parseAlloy } from './alloy-syntax.js'
import { documents, folder, read } from './manifests.js'
import { run, type Stage, stagesOfAlloy, stagesOfPromtail } from './pipeline.js'

/** Lines of every kind, and where @throughline/loki has put them. */
let pushed: readonly Stored[] = []

beforeAll(async () => {
  await using server = await LokiServer.start()
  const log = createLogger({
    service: 'api',
    level: 'trace',
    env: { NODE_ENV: 'production', POD_NAME: 'api-6c9f', POD_NAMESPACE: 'techflow' },
    destination: loki({ url: server.url }),
  })
  const ids = { request_id: 'req-123-abc', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }
  log.info('Listening', { port: 8082 })
  context.run(ids, () => {
    log.debug('Not in the cache', { key: 'product-1' })
    log.warn('Login refused', { user_id: 42 })
    log.error('Database connection failed', new Error('connect ECONNREFUSED'))
    log.audit('Account closed', { user_id: 'user-456' })
    log.info('Charged', { log_type: 'payment' })
  })
  await log.close()
  pushed = server.entries
})

const process = parseAlloy(read(`${folder}/alloy/config.alloy`)).find(({ name }) => name === 'loki.process')
const promtail = documents(`${folder}/promtail/promtail.yaml`)[0] as {
  readonly scrape_configs: readonly { readonly pipeline_stages: readonly Record<string, unknown>[] }[]
}

const collectors: readonly (readonly [string, readonly Stage[]])[] = [
  ['Alloy', process === undefined ? [] : stagesOfAlloy(process)],
  ['Promtail', stagesOfPromtail(promtail.scrape_configs[0]?.pipeline_stages ?? [])],
]
/** What the relabelling gives every line of a pod, and what the reader of files adds. */
const OF_THE_FILE = { app: 'api', namespace: 'techflow', filename: '/var/log/pods/techflow_api-6c9f_1/api/0.log' }

describe.each(collectors)('%s', (_, stages) => {
  it('gives a line of a pod the labels that a push gives it, and no structured metadata', () => {
    expect(pushed).toHaveLength(6)
    for (const { line, labels, metadata } of pushed) {
      const shipped = run(stages, `2026-11-22T10:15:23.120456789Z stdout F ${line}`, OF_THE_FILE)
      expect(shipped).toMatchObject({ line })
      expect(shipped.labels).toEqual(labels)
      expect(shipped.metadata).toEqual(metadata)
    }
  })

  it('takes the time from the line, not from when it was written', () => {
    const [{ line } = { line: '{}' }] = pushed
    const { time } = run(stages, `2026-11-22T10:15:23.120456789Z stdout F ${line}`, OF_THE_FILE)
    expect(time).toBe((JSON.parse(line) as { timestamp: string }).timestamp)
    expect(stages.find(({ kind }) => kind === 'timestamp')).toMatchObject({ format: 'RFC3339' })
  })

  it("keeps what is no line of ours under the pod's app, at the time that the container runtime noted", () => {
    const shipped = run(stages, '2026-11-22T10:15:23.120456789Z stderr F Segmentation fault', OF_THE_FILE)
    expect(shipped).toEqual({
      labels: { app: 'api', namespace: 'techflow' },
      metadata: {},
      time: '2026-11-22T10:15:23.120456789Z',
      line: 'Segmentation fault',
    })
  })
})
