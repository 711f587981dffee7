import { entriesOf, type Row, textOf } from './rows.js'

/** Lines as they are, the oldest first. */
export function jsonLines(rows: readonly Row[]): Blob {
  const text = rows.toReversed().map(({ line, fields, ns, labels }) =>
    // A line of text gets what a reader of JSON lines needs.
    fields === undefined ? JSON.stringify({ timestamp_ns: ns, ...labels, line }) : line,
  )
  return new Blob([`${text.join('\n')}\n`], { type: 'application/x-ndjson' })
}

/** A table of all fields (RFC 4180), the oldest line first. */
export function csv(rows: readonly Row[]): Blob {
  const names = [...new Set(rows.flatMap((row) => entriesOf(row).map(([name]) => name)))]
  const table = rows.toReversed().map((row) => {
    const values = Object.fromEntries(entriesOf(row))
    return [row.ns, ...names.map((name) => textOf(values[name])), row.line]
  })
  const text = [['timestamp_ns', ...names, 'line'], ...table].map((cells) => cells.map(cell).join(','))
  return new Blob([`${text.join('\r\n')}\r\n`], { type: 'text/csv' })
}

/** Spreadsheets take what begins so as a formula, and run it (CWE-1236). */
const FORMULA = /^[=+\-@\t\r]/

function cell(text: string): string {
  const safe = FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
