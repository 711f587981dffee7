import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type Engine, LogQLError, queryInstant, queryRange } from '@throughline/logql'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lines as arbitraryLines, base, logQuery, metricQuery } from '../../test-support/arbitraries.js'
import { arrayEngine, type LabelledLine, streamsOf } from '../../test-support/array-engine.js'
import { duckdbEngine } from './index.js'

let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

/** Loads lines as ingest does. */
async function load(lines: readonly LabelledLine[]): Promise<Engine> {
  await connection.run(`create or replace table lines
    (ts bigint, seq bigint, stream bigint, line varchar, m_id varchar, m_trace varchar, f_status varchar, f_id varchar)`)
  await connection.run('create or replace table streams (id bigint, labels varchar)')
  const streams = streamsOf(lines)
  for (const { id, labels } of streams.values())
    await connection.run('insert into streams values (?, ?)', [id, JSON.stringify(labels)])
  const appender = await connection.createAppender('lines')
  lines.forEach(({ time, labels, metadata, line }, seq) => {
    appender.appendBigInt(time)
    appender.appendBigInt(BigInt(seq))
    appender.appendBigInt(BigInt(streams.get(JSON.stringify(labels))?.id ?? 0))
    appender.appendVarchar(line)
    for (const value of [metadata.id, metadata.trace, undefined, undefined]) {
      if (value === undefined) appender.appendNull()
      else appender.appendVarchar(value)
    }
    appender.endRow()
  })
  appender.closeSync()
  await connection.run(`update lines set f_status = json_extract_string(line, '$.status'), f_id = json_extract_string(line, '$.id')
    where json_valid(line)`)
  return duckdbEngine(connection)
}

/** An answer, or why there is none. */
async function outcome(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof LogQLError) return { refused: error.kind }
    throw error
  }
}

const second = 1_000_000_000n
const end = base + 20n * second

describe('the engine on DuckDB', () => {
  it('answers log queries as an engine that leaves everything to the pipeline', async () => {
    const property = fc.asyncProperty(
      arbitraryLines,
      fc.array(logQuery, { minLength: 6, maxLength: 6 }),
      fc.constantFrom('forward', 'backward'),
      fc.constantFrom(2, 7, 5000),
      async (lines, queries, direction, limit) => {
        const [engine, reference] = [await load(lines), arrayEngine(lines)]
        for (const query of queries) {
          const options = { start: base + second, end, direction, limit } as const
          const expected = await outcome(queryRange(reference, query, options))
          expect(await outcome(queryRange(engine, query, options)), query).toEqual(expected)
        }
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('answers metric queries as an engine that counts nothing', async () => {
    const property = fc.asyncProperty(
      arbitraryLines,
      fc.array(metricQuery, { minLength: 6, maxLength: 6 }),
      fc.constantFrom(1n, 2n, 3n, 5n),
      async (lines, queries, step) => {
        const [engine, reference] = [await load(lines), arrayEngine(lines)]
        for (const query of queries) {
          const options = { start: base, end, step: step * second }
          const expected = await outcome(queryRange(reference, query, options))
          expect(await outcome(queryRange(engine, query, options)), query).toEqual(expected)
          const instant = await outcome(queryInstant(reference, query, { time: end }))
          expect(await outcome(queryInstant(engine, query, { time: end })), query).toEqual(instant)
        }
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('reads pages and slices of many lines in order, each line once', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index): LabelledLine => {
      const labels = { app: index % 3 === 0 ? 'a' : 'b' }
      return { labels, metadata: {}, time: base + BigInt(Math.floor(index / 700)), line: `line ${index}` }
    })
    const engine = await load(lines)
    for (const direction of ['forward', 'backward'] as const) {
      const request = { streams: [2, 1], start: base, end, where: [], direction, expected: 10 }
      const read = async (from: Engine) => {
        const found: string[] = []
        for await (const rows of from.scan(request)) found.push(...rows.map(({ line }) => line))
        return found
      }
      expect(await read(engine)).toEqual(await read(arrayEngine(lines)))
    }
  })

  it('stops when its signal is aborted', async () => {
    const engine = await load([{ labels: { app: 'a' }, metadata: {}, time: base, line: 'x' }])
    const answer = queryRange(engine, '{app="a"}', { start: base, end, signal: AbortSignal.abort() })
    await expect(answer).rejects.toThrow(/abort/i)
  })
})
