import { type Check, type Examined, MOST_FIELDS } from '../check.js'
import type { Finding, Place } from '../finding.js'

interface Seen {
  readonly place: Place
  count: number
}

/** Fields that are a number here and a string there: a store that gives a field one type refuses the other's lines. */
export class Types implements Check {
  private readonly fields = new Map<string, Map<string, Seen>>()

  examine({ leaves, line }: Examined): void {
    for (const { path, value } of leaves) {
      // Nothing has no type.
      if (value === null) continue
      const type = Array.isArray(value) ? 'list' : typeof value
      let types = this.fields.get(path)
      if (types === undefined) {
        if (this.fields.size >= MOST_FIELDS) continue
        types = new Map()
        this.fields.set(path, types)
      }
      const seen = types.get(type)
      if (seen === undefined) types.set(type, { place: { file: line.source.name, line: line.number }, count: 1 })
      else seen.count++
    }
  }

  findings(): readonly Finding[] {
    return [...this.fields].flatMap(([path, types]): Finding[] => {
      if (types.size < 2) return []
      const byCount = [...types].sort(([, a], [, b]) => b.count - a.count)
      const rarest = byCount.at(-1)?.[1]
      const kinds = byCount.map(([type, { count }]) => `${type} (${count})`).join(' and ')
      const count = byCount.slice(1).reduce((sum, [, seen]) => sum + seen.count, 0)
      return [{ check: 'type', severity: 'problem', text: `${path} is ${kinds}`, count, place: rarest?.place }]
    })
  }
}
