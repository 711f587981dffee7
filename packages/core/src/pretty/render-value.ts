import type { Paint, Palette } from './palette.js'
import { oneLine } from './printable.js'
import type { Row } from './row.js'

/** Adds `name=value` to a row. */
export function addField(row: Row, name: string, value: unknown, palette: Palette): void {
  row.word(`${oneLine(name)}=`, palette.faint, shown(value), paintOf(name, value, palette))
}

/** A value as it is shown: text without quotes where it is one plain word, all else as JSON. */
export function shown(value: unknown): string {
  if (typeof value === 'number' || isExact(value)) return String(value)
  if (typeof value !== 'string') return oneLine(value)
  return value === '' || /[\s="]/.test(value) ? oneLine(JSON.stringify(value)) : oneLine(value)
}

/** A number that a reader of lines keeps with all of its digits, as an object that knows its own JSON; no line holds another one. */
function isExact(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { toJSON?: unknown }).toJSON === 'function'
}

function paintOf(name: string, value: unknown, palette: Palette): Paint {
  switch (typeof value) {
    case 'number':
      return name === 'status_code' ? paintOfStatus(value, palette) : palette.number
    case 'bigint':
      return palette.number
    case 'boolean':
      return palette.word
    default:
      return value === null ? palette.word : isExact(value) ? palette.number : palette.plain
  }
}

function paintOfStatus(status: number, { good, warning, error }: Palette): Paint {
  return status >= 500 ? error : status >= 400 ? warning : good
}
