import type { DuckDBConnection } from '@duckdb/node-api'
import type { Engine, Labels } from '@throughline/logql'
import { count } from './count.js'
import { scan } from './scan.js'
import { identifier, Table } from './table.js'

/**
 * Creates the engine over the tables that ingest loads.
 *
 * - `lines`: `ts` (nanoseconds since the epoch), `seq` (the order of reading), `stream`, `line`, a column `m_<name>` for each name of
 *   structured metadata, and a column `f_<name>` for some JSON fields of the top level: their text, or null where it is not known.
 * - `streams`: `id`, and `labels` as a JSON object.
 *
 * Columns are looked up at the start of each query, so that new metadata and new streams are found.
 */
export async function duckdbEngine(connection: DuckDBConnection): Promise<Engine> {
  const table = new Table(connection, 'lines')
  await table.refresh()
  return {
    async streams() {
      await table.refresh()
      const rows = await table.rows({ text: `select id, labels from ${identifier('streams')}`, values: [] })
      return rows.map(([id, labels]) => ({ id: Number(id), labels: JSON.parse(String(labels)) as Labels }))
    },
    scan: (request) => scan(table, request),
    count: (request) => count(table, request),
  }
}
