import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { instantParameters, queryInstant, queryRange, rangeParameters } from '@throughline/logql'
import { loki } from '@throughline/loki'
import { context, createLogger } from 'throughline'
import { describe, expect, it } from 'vitest'
import { root } from '../docs/markdown.js'
import { LokiServer } from '../shipping/loki-server.js'
import { arrayEngine } from './array-engine.js'

/** The queries and alerts of docs/how-to/query-loki.md that people bring along, as they write them. */
const QUERIES = {
  errors: '{namespace="production"} |= "ERROR" | json',
  request: '{namespace="production"} | json | request_id="abc-123-def"',
  type: '{app="api-service"} |= "DatabaseConnectionError" | json',
  rate: 'sum(rate({namespace="production"} |= "ERROR"[5m])) by (app)',
  slow: '{namespace="production"} | json | response_time_ms > 1000',
  manyErrors: 'sum(rate({namespace="production"} |= "ERROR"[5m])) by (app) > 10',
  oneType: 'count_over_time({app="api-service"} |= "DatabaseConnectionError"[5m]) > 5',
  silent: 'sum(count_over_time({app="api-service"}[5m])) == 0',
  absent: 'absent_over_time({app="api-service"}[5m])',
}

class DatabaseConnectionError extends Error {
  override readonly name = 'DatabaseConnectionError'
}

/** A Loki that has what a service logs with so many failures, each of a request of its own, by the defaults of `loki()`. */
async function storeWith(failures: number, options: object = {}) {
  await using server = await LokiServer.start()
  const env = { NODE_ENV: 'production', POD_NAMESPACE: 'production' }
  const log = createLogger({ service: 'api-service', env, destination: loki({ url: server.url, ...options }) })
  log.info('Listening')
  for (let n = 0; n < failures; n++) {
    context.run({ request_id: n === 0 ? 'abc-123-def' : `req-${n}` }, () => {
      log.error('Database connection failed', new DatabaseConnectionError('connect ECONNREFUSED'))
      log.info('Request completed', { response_time_ms: 200 * n })
    })
  }
  await log.close()
  const engine = arrayEngine(
    server.entries.map(({ labels, metadata, time, line }) => ({ labels, metadata, ts: String(time), line })),
  )
  const now = BigInt(Date.now()) * 1_000_000n
  return {
    lines: async (query: string) => {
      const data = await queryRange(engine, query, { ...rangeParameters(new URLSearchParams({ limit: '5000' }), now) })
      return data.resultType === 'streams' ? data.result.flatMap(({ values }) => values) : []
    },
    values: async (query: string) => {
      const data = await queryInstant(engine, query, instantParameters(new URLSearchParams(), now))
      return data.resultType === 'vector'
        ? data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
        : []
    },
  }
}

it('the queries stand in the page as they are asked here', () => {
  const page = readFileSync(join(root, 'docs/how-to/query-loki.md'), 'utf8')
  for (const query of Object.values(QUERIES)) expect(page).toContain(query)
})

describe('with the defaults', () => {
  it('the five queries find what they are meant to find', async () => {
    const { lines, values } = await storeWith(10)
    expect(await lines(QUERIES.errors)).toHaveLength(10)
    expect(await lines(QUERIES.request)).toHaveLength(2)
    expect(await lines(QUERIES.type)).toHaveLength(10)
    expect(await lines(QUERIES.slow)).toHaveLength(4)
    const [rate, ...others] = await values(QUERIES.rate)
    expect([rate?.metric, others]).toEqual([{ app: 'api-service' }, []])
    expect(rate?.value).toBeCloseTo(10 / 300)
  })

  it.each([
    [5, []],
    [10, [10]],
    [600, [600]],
  ])('the alert for one type of error counts %i failures as one number', async (failures, expected) => {
    const { values } = await storeWith(failures)
    expect((await values(QUERIES.oneType)).map(({ value }) => value)).toEqual(expected)
  })

  it('the alert for many errors fires above ten a second', async () => {
    expect(await (await storeWith(600)).values(QUERIES.manyErrors)).toEqual([])
    expect(await (await storeWith(3_300)).values(QUERIES.manyErrors)).toHaveLength(1)
  })

  it('the alert for silence fires only by absence', async () => {
    const { values } = await storeWith(0)
    const nobody = (query: string) => query.replace('api-service', 'nobody')
    expect(await values(nobody(QUERIES.silent))).toEqual([])
    expect(await values(nobody(QUERIES.absent))).toMatchObject([{ value: 1 }])
    expect(await values(QUERIES.absent)).toEqual([])
  })
})

it('with ids as metadata, each request is a series, as the page says', async () => {
  const { values } = await storeWith(10, { metadata: ['request_id'] })
  expect(await values(QUERIES.oneType)).toEqual([])
  const many = await storeWith(600, { metadata: ['request_id'] })
  await expect(many.values(QUERIES.oneType.replace('> 5', '> 0'))).rejects.toThrow(/500/)
})
