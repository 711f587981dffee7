import { beginning, cells } from './cells.js'
import type { Paint } from './palette.js'

/**
 * Text that grows word by word, and goes on in the next row where a word does not fit. Rows after the first begin under
 * their own indent. Without a width, it is one row.
 */
export class Row {
  private text = ''
  private column = 0
  private indent = 0
  /** Nothing stands in this row that a space would have to follow. */
  private isFresh = true

  /** @param columns The terminal's width; `Infinity` for one row. */
  constructor(private readonly columns: number) {}

  /** Adds text that is never broken, such as a time. */
  head(painted: string, width: number): void {
    this.text += painted
    this.column += width
  }

  /** Where the next rows begin: under the present column, but in the left 40 %, so that there is room for text. */
  indentHere(): void {
    this.indentBy(this.column)
  }

  indentBy(column: number): void {
    this.indent = Math.min(column, Math.floor(this.columns * 0.4))
  }

  /** A word, of which the first part is painted in another way (`name=` before a value). Broken only where it is longer than a row. */
  word(label: string, paintLabel: Paint, value: string, paintValue: Paint): void {
    const space = this.isFresh ? '' : ' '
    this.isFresh = false
    if (this.columns === Number.POSITIVE_INFINITY) {
      this.text += `${space}${paintLabel(label)}${paintValue(value)}`
      return
    }
    const width = cells(label) + cells(value)
    if (this.column + space.length + width <= this.columns) {
      this.put(space + paintLabel(label) + paintValue(value), space.length + width)
      return
    }
    if (space !== '') this.next()
    if (this.column + width <= this.columns) this.put(paintLabel(label) + paintValue(value), width)
    else {
      this.long(label, paintLabel)
      this.long(value, paintValue)
    }
  }

  /** Words of running text. */
  prose(text: string, paint: Paint): void {
    if (this.columns === Number.POSITIVE_INFINITY || this.column + cells(text) + 1 <= this.columns)
      this.word('', paint, text, paint)
    else for (const word of text.split(' ')) this.word('', paint, word, paint)
  }

  toString(): string {
    return this.text
  }

  private next(): void {
    this.text += `\n${' '.repeat(this.indent)}`
    this.column = this.indent
  }

  private put(painted: string, width: number): void {
    this.text += painted
    this.column += width
  }

  private long(text: string, paint: Paint): void {
    const [first = '', ...rest] = broken(text, this.columns - this.column, this.columns - this.indent)
    this.put(paint(first), cells(first))
    for (const piece of rest) {
      this.next()
      this.put(paint(piece), cells(piece))
    }
  }
}

/** Text in a first piece that fills the present row, and pieces that fill the next ones; broken at spaces, else before slashes, where there are some. */
function broken(text: string, first: number, rest: number): readonly string[] {
  const all: string[] = []
  let room = first
  for (let left = text; left !== ''; room = Math.max(1, rest)) {
    const piece = room < 1 ? '' : beginning(left, room)
    const space = left.charAt(piece.length) === ' ' ? piece.length : piece.lastIndexOf(' ')
    if (piece !== left && space > piece.length / 2) {
      all.push(left.slice(0, space))
      left = left.slice(space + 1)
    } else {
      const slash = piece === left ? 0 : piece.lastIndexOf('/')
      const taken = slash > piece.length / 2 ? piece.slice(0, slash) : piece
      all.push(taken)
      left = left.slice(taken.length)
    }
  }
  return all
}
