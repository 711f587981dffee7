/** The fields of which a column is kept, by which queries pass over rows that cannot match. Each costs a tenth of the loading. */
export const FIELDS = [
  'request_id',
  'trace_id',
  'user_id',
  'error_type',
  'status_code',
  'response_time_ms',
  'route',
] as const

/** What a line's place in the table is made from, besides: its labels, and which of its process's lines it is. */
const NEEDED = ['timestamp', 'level', 'service', 'namespace', 'environment', 'boot_id', 'seq', 'line'] as const

/** Everything that is taken out of a line while it is loaded. */
export const EXTRACTED = [...NEEDED, ...FIELDS] as const

/** Values of `EXTRACTED`, of a line that DuckDB cannot take them from. */
export type Extracted = { readonly [name in (typeof EXTRACTED)[number]]?: string | undefined }

/** A stream's labels, with their names sorted. */
export type Labels = Readonly<Record<string, string>>

/**
 * The labels of a line, as `@throughline/loki` sets them: `app` (the service), `namespace`, `level`. Where lines do not say
 * in which namespace they were written, as outside of Kubernetes, it is their environment (`production`).
 */
export function labelsOf({ service, namespace, environment, level }: Extracted): Labels {
  const labels = { app: service, level, namespace: namespace ?? environment }
  return Object.fromEntries(
    Object.entries(labels).filter((label): label is [string, string] => (label[1] ?? '') !== ''),
  )
}

/** The same as an SQL expression over the list `x` of `EXTRACTED`: a number of 53 bits, which a JavaScript number holds. */
export const STREAM_OF_X = streamId([at('service'), at('level'), `coalesce(${at('namespace')}, ${at('environment')})`])

/** The id of a stream with the labels of a file's line, from SQL expressions of their values in the order of their names. */
export function streamId(values: readonly string[]): string {
  return `cast(hash(${values.map((value) => `coalesce(${value}, '')`).join(', ')}) >> 11 as bigint)`
}

/** Where a value stands in `x`, which counts from 1. */
export function at(name: (typeof EXTRACTED)[number]): string {
  return `x[${EXTRACTED.indexOf(name) + 1}]`
}

/** Names of several words, whose parts may be keys of nested objects. */
const PARTS = FIELDS.filter((name) => name.includes('_')).map((name) => name.split('_'))

/**
 * Loki flattens `{"request":{"id":1}}` to `request_id` too, and names `request-id` so: in such a line a column says less than
 * the line does, and is left empty. The quick search for a part decides on nearly every line.
 */
export const TWIN = `(${[nested(), renamed()].join(') or (')})`

function nested(): string {
  const heads = PARTS.flatMap((parts) => parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('_')))
  const pattern = `"(?:${[...new Set(heads)].join('|')})"\\s*:\\s*\\{`
  return `(contains(line, '":{') or contains(line, '": {')) and regexp_matches(line, '${pattern}')`
}

function renamed(): string {
  const ends = [...new Set(PARTS.map((parts) => parts.at(-1)))].flatMap((end) => [`-${end}"`, `.${end}"`, ` ${end}"`])
  const pattern = `"(?:${PARTS.map((parts) => parts.join('[^"]')).join('|')})"`
  const quick = ends.map((end) => `contains(line, '${end}')`).join(' or ')
  return `(${quick}) and regexp_matches(line, '${pattern}')`
}
