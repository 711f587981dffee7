import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { instantParameters, LogQLError, queryInstant, queryRange, rangeParameters } from '@throughline/logql'
import { describe, expect, it } from 'vitest'
import { arrayEngine, type LabelledLine } from './array-engine.js'
import { compareAnswer, type RecordedAnswer, unexplained } from './compare-answer.mjs'

function records<T>(name: string): readonly T[] {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, 'data', name))).toString()
  return text.split('\n').flatMap((line): readonly T[] => (line === '' ? [] : [JSON.parse(line)]))
}

/** A time after the lines: `since` counts from the present where `end` lies ahead. */
const now = 1_800_000_000_000_000_000n

const engine = arrayEngine(records<LabelledLine>('lines.jsonl.gz'))
const answers = records<RecordedAnswer>('answers-open.jsonl.gz').filter(
  ({ id, kind }) => kind.startsWith('query') && !unexplained.includes(id),
)

async function ask({ kind, query, params }: RecordedAnswer): Promise<{ status: number; data?: unknown }> {
  const { _header, ...rest } = params as Readonly<Record<string, string>>
  const search = new URLSearchParams(rest)
  try {
    const data =
      kind === 'query'
        ? await queryInstant(engine, query, instantParameters(search, now))
        : await queryRange(engine, query, {
            ...rangeParameters(search, now),
            categorizeLabels: _header === 'categorize-labels',
          })
    return { status: 200, data }
  } catch (error) {
    if (error instanceof LogQLError) return { status: error.status }
    throw error
  }
}

// Recorded from Loki 3.7.6 with 411 lines; `compare-answer.mjs` says what is compared.
describe.each([...new Set(answers.map(({ feature }) => feature))])('answers of a real Loki to %s', (feature) => {
  it.each(answers.filter((answer) => answer.feature === feature))('$id: $query', async (recorded) => {
    expect(compareAnswer(recorded, await ask(recorded))).toBeUndefined()
  })
})
