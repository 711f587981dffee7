import { type LogRecord, recordOf } from '@throughline/cli/reader'
import type { Extracted, Labels } from '../store/columns.js'
import type { LogStore, StoredLine } from '../store/log-store.js'
import { DELIMITER, type Rows } from '../store/segment.js'
import type { Account } from './account.js'
import { nanosecondsOf } from './nanoseconds.js'

/** A line that has no time of its own gets the one of the line before it, at most so many lines back. */
const LINES_BACK = 10_000

/**
 * Rows for lines that looked like throughline's own from outside, and are torn or have no time: with the time and the labels
 * of the line before each in its file.
 */
export async function repaired(
  lines: readonly StoredLine[],
  store: LogStore,
  account: Account,
): Promise<{ readonly rows: Rows; readonly text: string }> {
  const before = await linesBefore(lines, store)
  const labels: Labels[] = []
  let text = ''
  for (const { seq, file, line } of lines) {
    const object = parsed(line)
    const record = object === undefined ? undefined : recordOf(object)
    const own = nanosecondsOf(record?.timestamp)
    const { ts, values } = before.get(seq) ?? { ts: 0n, values: {} }
    if (own === undefined) account.untimed++
    if (record === undefined) {
      account.text++
      account.torn++
    }
    const given: Record<string, string | undefined> = {}
    for (const name of store.columns.labelFields)
      given[name] = textOf(record?.[name]) ?? (name === 'level' ? undefined : values[name])
    labels.push(store.columns.labelsOf(given))
    text += `${[seq, file, own ?? ts, JSON.stringify(given), line].join(DELIMITER)}\n`
  }
  const seqs = lines.map(({ seq }) => seq)
  return { rows: { first: Math.min(...seqs), last: Math.max(...seqs), lines: lines.length, labels }, text }
}

interface Neighbour {
  readonly ts: bigint
  /** What its labels were made of. */
  readonly values: Extracted
}

async function linesBefore(lines: readonly StoredLine[], store: LogStore): Promise<ReadonlyMap<number, Neighbour>> {
  const values = lines.map(({ seq, file }) => `(${seq}, ${file})`).join(', ')
  const first = Math.min(...lines.map(({ seq }) => seq)) - LINES_BACK
  const rows = await store.rows(`
    select b.seq, l.ts, s.labels from (values ${values}) b(seq, file)
    asof join (select seq, file, ts, stream from lines where seq >= ${first}) l on b.file = l.file and b.seq > l.seq
    left join streams s on s.id = l.stream`)
  return new Map(
    rows.map(({ seq, ts, labels }) => {
      const values = store.columns.valuesOf(JSON.parse(String(labels ?? '{}')) as Labels)
      return [Number(seq), { ts: BigInt(String(ts)), values }]
    }),
  )
}

function parsed(line: string): LogRecord | undefined {
  try {
    return JSON.parse(line) as LogRecord
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
