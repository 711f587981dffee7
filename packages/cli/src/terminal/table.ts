import { cells, fitted } from './cells.js'
import type { Paint } from './paint.js'

/** A cell: text, and how it is painted once it has its width. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string }

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Gives way when the table is too wide, the widest first. */
  readonly shrinks?: boolean
}

const GAP = '  '
const LEAST_SHRUNK = 8

/** Rows under titles, as wide as they need to be, and no wider than the screen. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint,
): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(cells(title), ...rows.map((row) => cells(textOf(row[i] ?? '').replace(/[\t\n]/g, ' ')))),
  )
  const whole = widths.reduce((sum, each) => sum + each + GAP.length, 0) - GAP.length
  const shrinking = columns.flatMap(({ shrinks }, i) => (shrinks === true ? [i] : []))
  for (let excess = whole - width; excess > 0; excess--) {
    const widest = Math.max(...shrinking.map((i) => widths[i] ?? 0))
    if (widest <= LEAST_SHRUNK) break
    widths[widths.findIndex((each, i) => each === widest && shrinking.includes(i))] = widest - 1
  }
  const line = (row: readonly Cell[]) =>
    row
      .map((cell, i) => {
        const text = fitted(textOf(cell), widths[i] ?? 0, columns[i]?.align)
        return typeof cell === 'string' ? text : cell.paint(text)
      })
      .join(GAP)
      .trimEnd()
  const head = columns.map(({ title }) => ({ text: title, paint: paint.faint }))
  return `${[head, ...rows].map(line).join('\n')}\n`
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}
