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

/** What a row needs of a line besides: its time, which of its process's lines it is, and its text where that was cleaned. */
const NEEDED = ['timestamp', 'boot_id', 'seq', '__line'] as const

/** Values of a line by the names of fields. */
export type Extracted = Readonly<Record<string, string | undefined>>

/** A stream's labels. */
export type Labels = Readonly<Record<string, string>>

/** From a label to the fields of which the first that a line has is its value. */
export type LabelTable = Readonly<Record<string, readonly string[]>>

/**
 * The labels that `@throughline/loki` sets: `app` (the service), `namespace`, `level`, and `log_type` of audit lines. Where lines do not say in which
 * namespace they were written, as outside of Kubernetes, it is their environment (`production`).
 */
const USUAL_LABELS: LabelTable = {
  app: ['service'],
  level: ['level'],
  log_type: ['log_type'],
  namespace: ['namespace', 'environment'],
}

/** What is taken out of lines while they are loaded, in JavaScript and, the same, in SQL. */
export class Columns {
  /** The fields that labels are made of. */
  readonly labelFields: readonly string[]
  private readonly extracted: readonly string[]
  private readonly labels: readonly (readonly [name: string, fields: readonly string[]])[]

  constructor(labels: LabelTable = USUAL_LABELS) {
    // By name, as the labels of a stream are written.
    this.labels = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
    this.labelFields = [...new Set(this.labels.flatMap(([, fields]) => fields))]
    this.extracted = [...new Set([...NEEDED, ...this.labelFields, ...FIELDS])]
  }

  labelsOf(values: Extracted): Labels {
    const all = this.labels.map(([name, fields]) => [name, firstOf(fields, values)] as const)
    return Object.fromEntries(all.filter((label): label is [string, string] => (label[1] ?? '') !== ''))
  }

  /** Values that have these labels. */
  valuesOf(labels: Labels): Extracted {
    return Object.fromEntries(this.labels.flatMap(([name, [field = name]]) => [[field, labels[name]]]))
  }

  /** An SQL expression for the list `x` of what is extracted from JSON. */
  extraction(json: string): string {
    const paths = this.extracted.map((name) => quoted(`$."${name.replaceAll('"', '')}"`)).join(', ')
    return `case when json_valid(${json}) then json_extract_string(${json}, [${paths}]) end`
  }

  /** A value's place in `x`, which counts from 1. */
  at(name: string): string {
    return `x[${this.extracted.indexOf(name) + 1}]`
  }

  /** An SQL expression over `x` for the id of the line's stream: a number of 53 bits, which a JavaScript number holds. */
  streamId(): string {
    return hashOf(this.labels.map(([, fields]) => this.firstAt(fields)))
  }

  /** The same for labels that are given; `undefined` where they are others than a file's lines have. */
  streamIdOf(labels: Labels): string {
    const isUsual = Object.keys(labels).every((name) => this.labels.some(([own]) => own === name))
    const values = isUsual ? this.labels.map(([name]) => labels[name] ?? '') : [JSON.stringify(labels)]
    return hashOf(values.map(quoted))
  }

  /** An SQL expression over `x` for the labels as JSON, as `JSON.stringify` writes those of `labelsOf`. */
  labelsJson(): string {
    const pairs = this.labels.map(([name, fields]) => `${quoted(name)}, nullif(${this.firstAt(fields)}, '')`)
    return `cast(json_merge_patch('{}', json_object(${pairs.join(', ')})) as varchar)`
  }

  private firstAt(fields: readonly string[]): string {
    return `coalesce(${[...fields.map((name) => `nullif(${this.at(name)}, '')`), "''"].join(', ')})`
  }
}

/** Text as SQL has it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function firstOf(fields: readonly string[], values: Extracted): string | undefined {
  return fields.map((name) => values[name]).find((value) => (value ?? '') !== '')
}

function hashOf(values: readonly string[]): string {
  return `cast(hash(${values.join(', ')}) >> 11 as bigint)`
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
