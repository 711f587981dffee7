import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'

/** A piece of SQL. Texts are values, never parts of it. */
export type Sql = { readonly text: string; readonly values: readonly DuckDBValue[] }

/** The table of lines: which columns it has, and how it is read. */
export class Table {
  readonly connection: DuckDBConnection
  readonly name: string
  /** The names of structured metadata, each of which has a column `m_<name>`. */
  metadata: readonly string[] = []
  /** The names of JSON fields that have a column `f_<name>`. */
  fields: ReadonlySet<string> = new Set()

  constructor(connection: DuckDBConnection, name: string) {
    this.connection = connection
    this.name = name
  }

  /** Reads the names of the columns: records with new metadata add some. */
  async refresh(): Promise<void> {
    const rows = await this.rows({
      text: 'select column_name from duckdb_columns() where table_name = ? order by column_index',
      values: [this.name],
    })
    const columns = rows.map(([column]) => String(column))
    const after = (prefix: string) =>
      columns.filter((column) => column.startsWith(prefix)).map((column) => column.slice(2))
    this.metadata = after('m_')
    this.fields = new Set(after('f_'))
  }

  /** Runs a query and returns its rows at once. */
  async rows({ text, values }: Sql): Promise<readonly (readonly DuckDBValue[])[]> {
    const reader = await this.connection.runAndReadAll(text, [...values])
    return reader.getRows()
  }

  /** Runs a query and yields the columns of each chunk. */
  async *chunks(
    { text, values }: Sql,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly (readonly DuckDBValue[])[]> {
    const result = await this.connection.stream(text, [...values])
    for (;;) {
      signal?.throwIfAborted()
      const chunk = await result.fetchChunk()
      if (!chunk || chunk.rowCount === 0) return
      yield chunk.getColumns()
    }
  }
}

/** Quotes a name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
