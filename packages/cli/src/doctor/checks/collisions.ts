import { type Check, type Examined, MOST_FIELDS } from '../check.js'
import type { Finding, Place } from '../finding.js'

/**
 * Different fields that are one field for Loki: its `| json` joins nested names with `_`, and replaces with `_` whatever a
 * label's name may not hold (https://grafana.com/docs/loki/latest/query/log_queries/#json).
 */
export class Collisions implements Check {
  private readonly paths = new Map<string, Map<string, Place>>()
  private readonly known = new Set<string>()

  examine({ leaves, line }: Examined): void {
    for (const { path } of leaves) {
      if (this.known.has(path) || this.known.size >= MOST_FIELDS) continue
      this.known.add(path)
      const flat = path.replace(/[^A-Za-z0-9_]/g, '_')
      const place = { file: line.source.name, line: line.number }
      const paths = this.paths.get(flat)
      if (paths === undefined) this.paths.set(flat, new Map([[path, place]]))
      else paths.set(path, place)
    }
  }

  findings(): readonly Finding[] {
    return [...this.paths].flatMap(([flat, paths]): Finding[] => {
      if (paths.size < 2) return []
      const names = [...paths.keys()].slice(0, 5).map((path) => JSON.stringify(path))
      const text = `${names.join(' and ')} are both ${flat} for Loki`
      return [{ check: 'collision', severity: 'problem', text, count: paths.size, place: [...paths.values()][1] }]
    })
  }
}
