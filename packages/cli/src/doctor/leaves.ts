import type { LogRecord } from '../record/record.js'

/** A value at the end of a path. Lists count as values, as stores take them. */
export interface Leaf {
  /** Names joined by dots. */
  readonly path: string
  readonly name: string
  readonly value: unknown
}

/** Deeper is nobody's field. */
const DEEPEST = 20

/** All values of a record that are no objects, with their paths. */
export function leavesOf(record: LogRecord): readonly Leaf[] {
  const leaves: Leaf[] = []
  collect(record, '', 0, leaves)
  return leaves
}

function collect(object: LogRecord, prefix: string, depth: number, leaves: Leaf[]): void {
  for (const name in object) {
    const value = object[name]
    const path = prefix + name
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST)
      collect(value as LogRecord, `${path}.`, depth + 1, leaves)
    else leaves.push({ path, name, value })
  }
}
