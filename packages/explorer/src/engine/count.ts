import type { Count, CountRequest } from '@throughline/logql'
import { isCompiled, whereOf } from './conditions.js'
import { toMetadata } from './scan.js'
import { identifier, type Table } from './table.js'

/** Counts lines in buckets; undefined where a condition cannot be applied exactly. */
export async function count(table: Table, request: CountRequest): Promise<readonly Count[] | undefined> {
  const { origin, width, first, last, streams, signal } = request
  for (const condition of request.where) if (!(await isCompiled(condition, table))) return undefined
  const where = whereOf(request.where, table)
  const names =
    request.metadata === 'all' ? table.metadata : request.metadata.filter((name) => table.metadata.includes(name))
  // The buckets are open below and closed above.
  const lower = origin + BigInt(first - 1) * width
  const upper = origin + BigInt(last) * width
  const metadata = names.map((name) => `, ${identifier(`m_${name}`)}`).join('')
  const text = `select (ts - ${lower} - 1) // ${width} as slot, stream, count(*), ${request.bytes ? 'sum(strlen(line))' : '0'}${metadata}
    from ${identifier(table.name)}
    where ts > ${lower} and ts <= ${upper} and stream in (${streams.join(', ')}) and ${where.text}
    group by slot, stream${metadata}`
  const counts: Count[] = []
  for await (const [slots = [], ids = [], lines = [], bytes = [], ...columns] of table.chunks(
    { text, values: where.values },
    signal,
  )) {
    slots.forEach((slot, row) => {
      counts.push({
        bucket: first + Number(slot),
        stream: Number(ids[row]),
        metadata: toMetadata(names, columns, row),
        lines: Number(lines[row]),
        bytes: Number(bytes[row]),
      })
    })
  }
  return counts
}
