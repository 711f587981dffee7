import { useEffect, useState } from 'preact/hooks'
import { count } from './format.js'
import type { Row } from './rows.js'
import { entriesOf, textOf } from './rows.js'

/** A value of a field, and how many lines have it. */
export interface ValueCount {
  readonly value: string
  readonly count: number
}

interface Properties {
  readonly rows: readonly Row[]
  readonly columns: readonly string[]
  isLabel(name: string): boolean
  /** Counts a field's values in everything that was found, not only in what is shown. */
  countsOf(name: string): Promise<readonly ValueCount[]>
  onCondition(name: string, operator: '=' | '!=', value: string): void
  onColumn(name: string): void
}

/** As many lines are looked at for the names of fields. */
const LOOKED_AT = 300
/** Of no use as a list of values: each line has its own. */
const UNIQUE = new Set([
  'timestamp',
  'time',
  'message',
  'msg',
  'span_id',
  'parent_span_id',
  'seq',
  'traceback',
  'stack',
])
const FIRST = ['level', 'app', 'service', 'namespace', 'error_type', 'status_code', 'route', 'method']

/** The fields of what was found; open, a field has its most frequent values. */
export function Facets({ rows, ...properties }: Properties) {
  const names = fieldNames(rows)
  return (
    <nav class="facets" aria-label="Fields">
      <h2>Fields</h2>
      {names.map((name) => (
        <Facet key={name} name={name} rows={rows} {...properties} />
      ))}
    </nav>
  )
}

/** Names by how many lines have them, those that are most asked for first. */
export function fieldNames(rows: readonly Row[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const row of rows.slice(0, LOOKED_AT))
    for (const [name, value] of entriesOf(row))
      if (!UNIQUE.has(name) && typeof value !== 'object') counts.set(name, (counts.get(name) ?? 0) + 1)
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  return [...counts.keys()].sort((a, b) => rank(a) - rank(b) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
}

function Facet({ name, rows, ...properties }: Properties & { readonly name: string }) {
  const [isOpen, setIsOpen] = useState(name === 'level' || name === 'app')
  const [values, setValues] = useState<readonly ValueCount[] | undefined>()
  useEffect(() => {
    if (!isOpen) return
    let isGone = false
    properties.countsOf(name).then(
      (found) => isGone || setValues(found),
      () => isGone || setValues(inRows(rows, name)),
    )
    return () => {
      isGone = true
    }
  }, [isOpen, rows])
  const most = values?.[0]?.count ?? 1
  const isColumn = properties.columns.includes(name)
  return (
    <section>
      <div class="facet-head">
        <button type="button" class="facet-name" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {name}
        </button>
        <button
          type="button"
          class="facet-column"
          aria-pressed={isColumn}
          aria-label={`Column ${name}`}
          title={isColumn ? 'Take the column away' : 'Show as a column'}
          onClick={() => properties.onColumn(name)}
        >
          ▥
        </button>
      </div>
      {isOpen && (
        <ul>
          {values === undefined && <li class="faint">counting…</li>}
          {values?.map(({ value, count: lines }) => (
            <li key={value}>
              <button
                type="button"
                class="facet-value"
                title={`Only lines with ${name} ${value}`}
                onClick={() => properties.onCondition(name, '=', value)}
              >
                <span class="facet-bar" style={{ width: `${Math.max(1, (lines / most) * 100)}%` }} />
                <span class="facet-text">{value === '' ? '(none)' : value}</span>
                <span class="facet-count">{count(lines)}</span>
              </button>
              <button
                type="button"
                class="facet-exclude"
                aria-label={`Exclude ${name} ${value}`}
                title={`Only lines with another ${name}`}
                onClick={() => properties.onCondition(name, '!=', value)}
              >
                −
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Values in the lines that are shown, where a count of all is refused. */
function inRows(rows: readonly Row[], name: string): readonly ValueCount[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const value = textOf(row.fields?.[name] ?? row.labels[name])
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, lines]) => ({ value, count: lines }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 10)
}
