import { omitLabels } from '../labels.js'
import type { LabelReplace } from '../query.js'
import { compileRegexp, expand } from '../regexp.js'
import { createMetric, type Metric, type Vector } from './sample.js'

/** Returns a function that sets a label of the samples of one step, where another label matches. */
export function createLabelReplace({ target, replacement, source, pattern }: LabelReplace): (vector: Vector) => Vector {
  const regexp = compileRegexp(`^(?:${pattern})$`)
  const known = new Map<Metric, Metric>()
  const replaced = (metric: Metric): Metric => {
    const groups = regexp.find(metric.labels[source] ?? '')
    if (!groups) return metric
    const value = expand(replacement, groups, regexp.names)
    const rest = omitLabels(metric.labels, [target])
    return createMetric(value === '' ? rest : { ...rest, [target]: value })
  }
  return (vector) =>
    vector.map(({ metric, value }) => {
      let named = known.get(metric)
      if (!named) {
        named = replaced(metric)
        known.set(metric, named)
      }
      return { metric: named, value }
    })
}
