import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { Columns, FIELDS, type Labels, type LabelTable, quoted, TWIN } from './columns.js'
import { engineMissing } from './missing-engine.js'
import { DELIMITER, type Rows, type Segment } from './segment.js'
import { TemporaryFolder } from './temporary-folder.js'

export interface StoreOptions {
  /** Bytes that DuckDB may use for its buffers. 512 MB by default; the process takes up to 600 MB more. */
  readonly memoryLimit?: number
  /** The folder that the temporary one is made in. */
  readonly temporaryFolder?: string
  /** The labels of files' lines. `app`, `namespace` and `level` by default. */
  readonly labels?: LabelTable
}

/** A line as it is, with its labels: what a Loki would be sent. */
export interface StoredRecord {
  readonly labels: Labels
  /** Loki's structured metadata. */
  readonly metadata?: Labels
  /** Nanoseconds since the epoch. */
  readonly ts: string
  readonly line: string
}

/** A line as the table has it. */
export interface StoredLine {
  readonly seq: number
  readonly file: number
  readonly line: string
}

const DEFAULT_MEMORY = 512_000_000

/** The time of a line from which none could be taken. */
const NO_TIME = -1

/** The table of lines and the streams that they belong to, in a temporary database of this process. */
export class LogStore {
  /** The id of each stream by its labels, as JSON. */
  private readonly streams = new Map<string, number>()
  private readonly known = new Set<number>()
  private readonly metadata = new Set<string>()
  private lastSeq = 0
  /** Connections that no query has now. */
  private readonly idle: DuckDBConnection[] = []
  private readonly busy = new Set<DuckDBConnection>()
  private isClosed = false
  private writing: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly folder: TemporaryFolder,
    private readonly instance: DuckDBInstance,
    private readonly writer: DuckDBConnection,
    readonly columns: Columns,
  ) {}

  /** @throws UserError when DuckDB is not installed. */
  static async open({ memoryLimit = DEFAULT_MEMORY, temporaryFolder, labels }: StoreOptions = {}): Promise<LogStore> {
    const { DuckDBInstance } = await import('@duckdb/node-api').catch((error: unknown): never => {
      throw engineMissing(error)
    })
    const folder = new TemporaryFolder(temporaryFolder)
    try {
      const instance = await DuckDBInstance.create(join(folder.path, 'lines.db'), {
        memory_limit: `${Math.round(memoryLimit / 1e6)}MB`,
        preserve_insertion_order: 'false',
        temp_directory: folder.folder('spill'),
      })
      const store = new LogStore(folder, instance, await instance.connect(), new Columns(labels))
      await store.prepare()
      return store
    } catch (error) {
      folder.remove()
      throw error
    }
  }

  /** Where segments are written, the only folder that the database may read from. */
  get segmentFolder(): string {
    return join(this.folder.path, 'segments')
  }

  /** A folder for other files of this process. */
  get path(): string {
    return this.folder.path
  }

  /** The number that the next line gets. */
  takeSeq(): number {
    return ++this.lastSeq
  }

  /** Bytes on disk. */
  async size(): Promise<number> {
    const sizes = await Promise.all(
      ['lines.db', 'lines.db.wal'].map((name) => stat(join(this.folder.path, name)).catch(() => ({ size: 0 }))),
    )
    return sizes.reduce((sum, { size }) => sum + size, 0)
  }

  /**
   * Loads a segment's lines, after those of earlier calls, and removes it.
   *
   * @returns the lines whose time or labels could not be taken from them.
   */
  load(segment: Segment): Promise<readonly StoredLine[]> {
    return this.inTurn(async () => {
      try {
        await this.writer.run(`insert into lines ${selectFrom(segmentReader(segment.path), this.columns)}`)
      } finally {
        await rm(segment.path, { force: true })
      }
      return this.settle(segment)
    })
  }

  /** Loads the text of a segment, for the few lines that were added to a file: no file, and no large buffers. */
  loadText(rows: Rows, text: string): Promise<readonly StoredLine[]> {
    return this.inTurn(async () => {
      await this.writer.run(`insert into lines ${selectFrom(TEXT_READER, this.columns)}`, { text })
      return this.settle(rows)
    })
  }

  /** Takes lines out again, of which better is known. */
  remove(seqs: readonly number[]): Promise<void> {
    if (seqs.length === 0) return Promise.resolve()
    return this.inTurn(async () => {
      await this.writer.run(`delete from lines where seq in (${seqs.map(Number).join(', ')})`)
    })
  }

  /** Adds records that have their labels, as a Loki is sent them. */
  addRecords(records: readonly StoredRecord[]): Promise<void> {
    return this.inTurn(async () => {
      for (const name of new Set(records.flatMap(({ metadata = {} }) => Object.keys(metadata))))
        await this.addMetadata(name)
      const rows = []
      for (const { labels, metadata = {}, ts, line } of records)
        rows.push({ seq: this.takeSeq(), stream: await this.streamOf(labels), ts, line, ...prefixed(metadata) })
      const names = ['seq', 'stream', 'ts', 'line', ...[...this.metadata].map((name) => `m_${name}`)]
      const types = names.map((name) => `"${name}": "${['seq', 'stream', 'ts'].includes(name) ? 'BIGINT' : 'VARCHAR'}"`)
      await this.writer.run(
        `insert into lines by name select unnest(from_json($rows, '[{${types.join(', ')}}]'), recursive := true)`,
        { rows: JSON.stringify(rows) },
      )
    })
  }

  /** Runs a query of the explorer's own. */
  async rows(sql: string, values: Readonly<Record<string, string | number | bigint>> = {}) {
    const connection = await this.takeConnection()
    try {
      return (await connection.runAndReadAll(sql, { ...values })).getRowObjects()
    } finally {
      this.giveConnection(connection)
    }
  }

  /** A connection for one statement at a time, to be given back. */
  async takeConnection(): Promise<DuckDBConnection> {
    if (this.isClosed) throw new Error('the store is closed')
    const connection = this.idle.pop() ?? (await this.instance.connect())
    this.busy.add(connection)
    return connection
  }

  /** Returns a connection to the pool. */
  giveConnection(connection: DuckDBConnection): void {
    this.busy.delete(connection)
    if (this.isClosed) connection.closeSync()
    else this.idle.push(connection)
  }

  /** Writes everything to the database's file, in which lines are compressed. */
  checkpoint(): Promise<unknown> {
    return this.inTurn(() => this.writer.run('checkpoint').catch(() => undefined))
  }

  /** Closes the database and removes its folder. */
  async close(): Promise<void> {
    await this.writing.catch(() => {})
    this.isClosed = true
    for (const connection of this.busy) connection.interrupt()
    for (const connection of this.idle) connection.closeSync()
    this.writer.closeSync()
    this.instance.closeSync()
    this.folder.remove()
  }

  private async prepare(): Promise<void> {
    const fields = FIELDS.map((name) => `f_${name} varchar`).join(', ')
    await this.writer.run(`create table lines (ts bigint not null, seq bigint not null, stream bigint not null,
      file integer, boot varchar, number bigint, line varchar not null, ${fields})`)
    await this.writer.run('create table streams (id bigint primary key, labels varchar not null)')
    this.folder.folder('segments')
    // A query that found a way around the translation would still read no file: not now, and not after the loading.
    await this.writer.run(`set wal_autocheckpoint = '64MB';
      set autoinstall_known_extensions = false; set autoload_known_extensions = false;
      set allowed_directories = [${quoted(`${this.segmentFolder}/`)}];
      set enable_external_access = false; set lock_configuration = true`)
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.writing.then(work, work)
    this.writing = result.catch(() => {})
    return result
  }

  /** Names the streams of new lines, and hands back what needs repair. */
  private async settle({ first, last, labels }: Rows): Promise<readonly StoredLine[]> {
    for (const each of labels) await this.streamOf(each)
    const range = `seq between ${first} and ${last}`
    const broken = await this.read(`select seq, file, line from lines where ${range} and ts = ${NO_TIME}`)
    if (broken.length > 0) await this.writer.run(`delete from lines where ${range} and ts = ${NO_TIME}`)
    const found = await this.read(`select stream, min(seq) as seq from lines where ${range} group by stream`)
    const unknown = found.filter(({ stream }) => !this.known.has(Number(stream)))
    if (unknown.length > 0) {
      const seqs = unknown.map(({ seq }) => String(seq)).join(', ')
      await this.writer.run(`insert into streams select stream, labels from (
        select stream, ${this.columns.labelsJson()} as labels from (select stream, ${this.columns.extraction('line')} as x from lines where seq in (${seqs})))`)
      for (const { stream } of unknown) this.known.add(Number(stream))
    }
    return broken.map(({ seq, file, line }) => ({ seq: Number(seq), file: Number(file), line: String(line) }))
  }

  private async read(sql: string) {
    return (await this.writer.runAndReadAll(sql)).getRowObjects()
  }

  /** The id of the stream with these labels; a stream that is new gets one. */
  private async streamOf(labels: Labels): Promise<number> {
    const sorted = Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
    const key = JSON.stringify(sorted)
    const known = this.streams.get(key)
    if (known !== undefined) return known
    const expression = this.columns.streamIdOf(sorted)
    const [row] = await this.read(`select ${expression} as id`)
    const id = Number(row?.id)
    await this.writer.run(`insert or ignore into streams values (${id}, ${quoted(key)})`)
    this.streams.set(key, id)
    this.known.add(id)
    return id
  }

  private async addMetadata(name: string): Promise<void> {
    if (this.metadata.has(name)) return
    this.metadata.add(name)
    await this.writer.run(`alter table lines add column if not exists "m_${name.replaceAll('"', '""')}" varchar`)
  }
}

function prefixed(metadata: Labels): Labels {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`m_${name}`, value]))
}

/** Lines of a segment as rows of the table. What DuckDB cannot take from a line stands beside it, as `given`. */
function selectFrom(reader: string, columns: Columns): string {
  const at = (name: string) => columns.at(name)
  const fields = FIELDS.map((name) => `case when not twin then ${at(name)} end`)
  return `select coalesce(given_ts, epoch_us(try_cast(${at('timestamp')} as timestamp)) * 1000, ${NO_TIME}), seq, ${columns.streamId()}, file,
    ${at('boot_id')}, try_cast(${at('seq')} as bigint), case when given is null then line else coalesce(${at('__line')}, line) end, ${fields.join(', ')}
    from (select *, ${TWIN} as twin, ${columns.extraction('coalesce(given, line)')} as x from ${reader})`
}

function segmentReader(path: string): string {
  // Every line of a segment is whole, valid UTF-8, and without the characters that end a value or a line here.
  return `read_csv(${quoted(path)}, columns = {'seq': 'BIGINT', 'file': 'INTEGER', 'given_ts': 'BIGINT', 'given': 'VARCHAR', 'line': 'VARCHAR'},
    header = false, auto_detect = false, delim = '${DELIMITER}', quote = '', escape = '', new_line = '\\n', nullstr = '',
    max_line_size = 2097152, buffer_size = 8388608, strict_mode = false)`
}

/** The same from a bound value. */
const TEXT_READER = `(select cast(v[1] as bigint) as seq, cast(v[2] as integer) as file, try_cast(v[3] as bigint) as given_ts,
  nullif(v[4], '') as given, v[5] as line
  from (select string_split(row, '${DELIMITER}') as v from (select unnest(string_split($text, chr(10))) as row) where row <> ''))`
