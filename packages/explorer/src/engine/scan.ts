import type { DuckDBValue } from '@duckdb/node-api'
import type { Row, ScanRequest } from '@throughline/logql'
import { isCompiled, whereOf } from './conditions.js'
import { identifier, type Sql, type Table } from './table.js'

/** A part of the time asked for: `from` inclusive, `to` exclusive. */
type Slice = { readonly from: bigint; readonly to: bigint }

/** Pages grow until they have this many rows; what is left is read in slices of time. */
const largestPage = 16_384
/** Rows of a slice before its conditions: what DuckDB sorts at once. */
const sliceRows = 200_000n

/** Reads rows in the order of a request. */
export async function* scan(table: Table, request: ScanRequest): AsyncGenerator<readonly Row[]> {
  const where = []
  for (const condition of request.where) if (await isCompiled(condition, table)) where.push(condition)
  const reader = new Reader(table, { ...request, where })
  let rest: Slice | undefined = { from: request.start, to: request.end }
  // The first rows are often enough: pages of them cost no sorting of the whole.
  for (let limit = Math.max(256, request.expected); limit <= largestPage && rest; limit *= 4) {
    const page: Page = await reader.page(rest, limit)
    if (page.rows.length > 0) yield page.rows
    rest = page.rest
  }
  if (!rest) return
  for (const slice of await reader.slices(rest)) yield* reader.read(slice)
}

type Page = { readonly rows: readonly Row[]; readonly rest: Slice | undefined }

class Reader {
  readonly #table: Table
  readonly #request: ScanRequest
  readonly #conditions: Sql

  constructor(table: Table, request: ScanRequest) {
    this.#table = table
    this.#request = request
    this.#conditions = whereOf(request.where, table)
  }

  get #backward(): boolean {
    return this.#request.direction === 'backward'
  }

  /** Reads the first rows of a slice. Rows of the last time are left to the next page, which may have more of them. */
  async page(slice: Slice, limit: number): Promise<Page> {
    const rows: Row[] = []
    for await (const batch of this.read(slice, limit)) rows.push(...batch)
    if (rows.length < limit) return { rows, rest: undefined }
    const last = (rows.at(-1) as Row).time
    const complete = rows.filter(({ time }) => time !== last)
    return { rows: complete, rest: this.#backward ? { from: slice.from, to: last + 1n } : { from: last, to: slice.to } }
  }

  async *read(slice: Slice, limit?: number): AsyncGenerator<readonly Row[]> {
    const { streams, signal } = this.#request
    const order = this.#backward ? 'desc' : 'asc'
    const { metadata } = this.#table
    const columns = ['ts', 'stream', 'line', ...metadata.map((name) => identifier(`m_${name}`))].join(', ')
    const tie = streams.length > 1 ? `list_position([${streams.join(', ')}]::bigint[], stream), ` : ''
    const text = `select ${columns} from ${identifier(this.#table.name)} where ${this.#range(slice)} and ${this.#conditions.text}
      order by ts ${order}, ${tie}seq ${order}${limit === undefined ? '' : ` limit ${limit}`}`
    for await (const chunk of this.#table.chunks({ text, values: this.#conditions.values }, signal))
      yield toRows(chunk, metadata)
  }

  /** Cuts what is left into slices of as many rows as are sorted at once, whether or not the conditions keep them. */
  async slices({ from, to }: Slice): Promise<readonly Slice[]> {
    const width = (to - from) / 4096n + 1n
    const counts = await this.#table.rows({
      text: `select (ts - ${from}) // ${width} as slot, count(*) from ${identifier(this.#table.name)}
        where ${this.#range({ from, to })} group by slot order by slot`,
      values: [],
    })
    const slices: Slice[] = []
    let [begin, size] = [from, 0n]
    for (const [slot, count] of counts) {
      if (size > 0n && size + BigInt(count as bigint) > sliceRows) {
        const end = from + BigInt(slot as bigint) * width
        slices.push({ from: begin, to: end })
        begin = end
        size = 0n
      }
      size += BigInt(count as bigint)
    }
    if (size > 0n) slices.push({ from: begin, to })
    return this.#backward ? slices.reverse() : slices
  }

  #range({ from, to }: Slice): string {
    return `ts >= ${from} and ts < ${to} and stream in (${this.#request.streams.join(', ')})`
  }
}

function toRows(columns: readonly (readonly DuckDBValue[])[], metadata: readonly string[]): readonly Row[] {
  const [times = [], streams = [], lines = [], ...rest] = columns
  return times.map((time, index): Row => {
    return {
      time: time as bigint,
      stream: Number(streams[index]),
      line: lines[index] as string,
      metadata: toMetadata(metadata, rest, index),
    }
  })
}

const none: Readonly<Record<string, string>> = {}

/** Collects the metadata of a row: the columns that have a value. */
export function toMetadata(
  names: readonly string[],
  columns: readonly (readonly DuckDBValue[])[],
  row: number,
): Readonly<Record<string, string>> {
  let found: Record<string, string> | undefined
  for (const [index, name] of names.entries()) {
    const value = columns[index]?.[row]
    if (value === null || value === undefined) continue
    found ??= {}
    found[name] = String(value)
  }
  return found ?? none
}
