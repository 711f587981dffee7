import { type Check, type Examined, MOST_FIELDS } from '../check.js'
import type { Finding } from '../finding.js'

/** A label with more values than this is a stream for each: Loki's own limit for active streams is 5,000 a tenant. */
const MANY_VALUES = 100
/** Counting stops here: memory for each field has a bound. */
const MOST_COUNTED = 2000
/** And here, of all fields. */
const MOST_VALUES = 500_000
/** Longer values are text, which nobody takes for a label. */
const LONGEST_LABEL = 200
/** What is rarer than this share of the lines is nobody's label. */
const LEAST_SHARE = 0.1

interface Values {
  readonly distinct: Set<string | number>
  lines: number
  isText: boolean
}

/** Fields that look like labels, and would break a store's index as one. */
export class Cardinality implements Check {
  private readonly fields = new Map<string, Values>()
  private lines = 0
  private counted = 0

  examine({ leaves }: Examined): void {
    this.lines++
    for (const { path, value } of leaves) {
      if (typeof value !== 'string' && typeof value !== 'number') continue
      if (path === 'timestamp' || path === 'time' || path === 'message' || path === 'msg' || path === 'seq') continue
      let values = this.fields.get(path)
      if (values === undefined) {
        if (this.fields.size >= MOST_FIELDS) continue
        values = { distinct: new Set(), lines: 0, isText: false }
        this.fields.set(path, values)
      }
      values.lines++
      if (typeof value === 'string' && value.length > LONGEST_LABEL) values.isText = true
      else if (values.distinct.size < MOST_COUNTED && this.counted < MOST_VALUES) {
        const before = values.distinct.size
        values.distinct.add(value)
        this.counted += values.distinct.size - before
      }
    }
  }

  findings(): readonly Finding[] {
    return [...this.fields].flatMap(([path, { distinct, lines, isText }]): Finding[] => {
      if (isText || distinct.size <= MANY_VALUES || lines < this.lines * LEAST_SHARE) return []
      const count = distinct.size >= MOST_COUNTED ? `more than ${MOST_COUNTED}` : String(distinct.size)
      const text = `${path} has ${count} values: keep it a field, never make it a label`
      return [{ check: 'cardinality', severity: 'advice', text, count: distinct.size, place: undefined }]
    })
  }
}
