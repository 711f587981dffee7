import type { Fields } from './field.js'
import { textAt } from './field.js'

/** From a label's or a metadata's name to the field that its value comes from. */
export type NameTable = Readonly<Record<string, string>>

/** `max_label_value_length` of Loki by default, in bytes; a UTF-16 unit takes at most three. */
const MOST_UNITS = Math.floor(2048 / 3)
/** Each combination of values is a stream, which costs Loki memory and chunks: a label that takes any value is a mistake. */
const MOST_VALUES = 100
const OTHER = 'other'

/** The labels of lines, bounded in number of values. */
export class Labels {
  private readonly fields: readonly (readonly [name: string, field: string])[]
  private readonly seen = new Map<string, Set<string>>()

  constructor(
    table: NameTable,
    private readonly constants: Readonly<Record<string, string>>,
    /** For lines that have no value of their own. */
    private readonly fallbacks: Readonly<Record<string, string>>,
  ) {
    this.fields = Object.entries(table)
    for (const name of Object.keys(table)) this.seen.set(name, new Set())
  }

  /** @param level The level's number, which no format renames. */
  of(fields: Fields, level: number): Record<string, string> {
    const labels: Record<string, string> = {}
    for (const [name, field] of this.fields) {
      const value = special(field, level) ?? textAt(fields, field) ?? this.fallbacks[name]
      if (value !== undefined) labels[name] = this.bounded(name, value)
    }
    return Object.assign(labels, this.constants)
  }

  private bounded(name: string, value: string): string {
    const text = value.length > MOST_UNITS ? value.slice(0, MOST_UNITS) : value
    const seen = this.seen.get(name)
    if (seen === undefined || seen.has(text)) return text
    if (seen.size >= MOST_VALUES) return OTHER
    seen.add(text)
    return text
  }
}

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']
/** The number that an audit line comes with; the line says INFO. */
const AUDIT = 70

/** What every line has, whatever its format and its fields. */
function special(field: string, level: number): string | undefined {
  if (field === 'level') return level >= AUDIT ? 'INFO' : LEVELS[Math.min(Math.max(Math.ceil(level / 10), 1), 6) - 1]
  if (field === 'log_type' && level >= AUDIT) return 'audit'
  return undefined
}
