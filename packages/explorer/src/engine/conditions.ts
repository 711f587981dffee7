import type { DuckDBValue } from '@duckdb/node-api'
import type { Condition, NumberOperator } from '@throughline/logql'
import { identifier, type Sql, type Table } from './table.js'

const operators: Readonly<Record<NumberOperator, string>> = {
  '==': '=',
  '!=': '<>',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
}

/** A JSON number without a sign of infinity, which a cast reads as JavaScript does. */
const numeric = "'-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?'"

/** Writes conditions as SQL, all of which hold. */
export function whereOf(conditions: readonly Condition[], table: Table): Sql {
  const values: DuckDBValue[] = []
  const text = conditions.map((condition) => write(condition, table, values)).join(' and ')
  return { text: text === '' ? 'true' : text, values }
}

function write(condition: Condition, table: Table, values: DuckDBValue[]): string {
  switch (condition.kind) {
    case 'contains':
      values.push(condition.text)
      return 'contains(line, ?)'
    case 'regexp':
      values.push(condition.pattern)
      return 'regexp_matches(line, ?)'
    case 'metadata':
      return metadataCondition(condition.name, condition.value, table, values)
    case 'field':
      return fieldCondition(condition.name, condition.value, table, values)
    case 'number':
      return numberCondition(condition, table, values)
    case 'not':
      return `not (${write(condition.of, table, values)})`
    case 'any':
      return `(${condition.of.map((one) => write(one, table, values)).join(' or ') || 'false'})`
    case 'all':
      return `(${condition.of.map((one) => write(one, table, values)).join(' and ') || 'true'})`
  }
}

function numberCondition(
  { name, op, value }: Condition & { readonly kind: 'number' },
  table: Table,
  values: DuckDBValue[],
): string {
  if (!Number.isFinite(value)) return 'true'
  if (table.fields.has(name)) {
    const column = identifier(`f_${name}`)
    values.push(value)
    const holds = `try_cast(${column} as double) ${operators[op]} ?::double`
    return `(${column} is null or not regexp_full_match(${column}, ${numeric}) or ${holds})`
  }
  // Without a column, the value is looked up. A line is dropped where it is a number that fails, and no other key gives this label.
  const [twin, twins] = twinCondition(name)
  values.push(`$."${name}"`, value, ...twins)
  const holds = `try_cast(json_extract(line, ?)::varchar as double) ${operators[op]} ?::double`
  // A case at a time: `json_extract` fails on what is no JSON.
  return `case when not json_valid(line) then true when coalesce(${holds}, true) then true else contains(substr(line, 2), '{') or ${twin} end`
}

/**
 * Keys that are trimmed, or whose other characters become underscores, give the same label: `a-b`, `a.b` and ` a_b ` for `a_b`. So do
 * nested objects, which the caller excludes.
 */
function twinCondition(name: string): readonly [text: string, values: readonly string[]] {
  if (!name.includes('_')) return ['contains(line, ?) or contains(line, ?)', [` ${name}"`, `${name} "`]]
  const key = name.split('_').join('[^A-Za-z0-9"]')
  return ['len(regexp_extract_all(line, ?)) > 1', [`"\\s*${key}\\s*"\\s*:`]]
}

function metadataCondition(name: string, value: string, table: Table, values: DuckDBValue[]): string {
  if (!table.metadata.includes(name)) return value === '' ? 'true' : 'false'
  values.push(value)
  return `coalesce(${identifier(`m_${name}`)}, '') = ?`
}

/** DuckDB writes a number of JSON in its own way (`1e3` as `1000.0`), so that equal numbers count as equal texts. */
function fieldCondition(name: string, value: string, table: Table, values: DuckDBValue[]): string {
  if (!table.fields.has(name)) return 'true'
  const column = identifier(`f_${name}`)
  values.push(value)
  if (!/^-?[\d.]/.test(value)) return `(${column} is null or ${column} = ?)`
  values.push(value)
  return `(${column} is null or ${column} = ? or try_cast(${column} as double) = try_cast(? as double))`
}

/** Returns the expressions of conditions. */
function patternsOf(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => {
    if (condition.kind === 'regexp') return [condition.pattern]
    if (condition.kind === 'not') return patternsOf([condition.of])
    return condition.kind === 'any' || condition.kind === 'all' ? patternsOf(condition.of) : []
  })
}

/**
 * Reports whether DuckDB compiles the expressions of a condition. Its RE2 refuses a few that Go accepts, as `(?<name>x)`, and a
 * condition that has one is left to JavaScript.
 */
export async function isCompiled(condition: Condition, table: Table): Promise<boolean> {
  for (const pattern of patternsOf([condition])) {
    try {
      await table.rows({ text: "select regexp_matches('', ?)", values: [pattern] })
    } catch {
      return false
    }
  }
  return true
}
