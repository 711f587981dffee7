import { omitLabels, pickLabels } from '../labels.js'
import type { Grouping, VectorAggregation } from '../query.js'
import { createMetric, emptyMetric, type Metric, type Sample, type Vector } from './sample.js'

type Group = { readonly metric: Metric; readonly samples: Sample[] }

/** Returns a function that applies a vector aggregation to the samples of one step. */
export function createVectorAggregation(query: VectorAggregation): (vector: Vector) => Vector {
  const groupOf = createGrouper(query.grouping)
  return (vector) => {
    const groups = new Map<string, Group>()
    for (const sample of vector) {
      const metric = groupOf(sample.metric)
      const group = groups.get(metric.key)
      if (group) group.samples.push(sample)
      else groups.set(metric.key, { metric, samples: [sample] })
    }
    return [...groups.values()].flatMap((group) => aggregate(query, group))
  }
}

/** Series come again at each step, so that their group is remembered. */
function createGrouper(grouping: Grouping | undefined): (metric: Metric) => Metric {
  if (!grouping || (!grouping.without && grouping.labels.length === 0)) return () => emptyMetric
  const known = new Map<Metric, Metric>()
  return (metric) => {
    let group = known.get(metric)
    if (!group) {
      group = createMetric((grouping.without ? omitLabels : pickLabels)(metric.labels, grouping.labels))
      known.set(metric, group)
    }
    return group
  }
}

function aggregate({ operator, parameter = 0 }: VectorAggregation, { metric, samples }: Group): Vector {
  switch (operator) {
    case 'topk':
    case 'approx_topk':
      return sortBy(samples, descending).slice(0, parameter)
    case 'bottomk':
      return sortBy(samples, ascending).slice(0, parameter)
    case 'sort_desc':
      return sortBy(samples, descending)
    case 'sort':
      return sortBy(samples, ascending)
    default:
      return [{ metric, value: reduce(operator, samples) }]
  }
}

function sortBy(samples: readonly Sample[], order: (a: number, b: number) => number): Vector {
  return [...samples].sort((a, b) => order(a.value, b.value))
}

/** NaN comes last in both orders. */
function ascending(a: number, b: number): number {
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b
}

function descending(a: number, b: number): number {
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : b - a
}

function reduce(
  operator: 'sum' | 'avg' | 'count' | 'min' | 'max' | 'stddev' | 'stdvar',
  samples: readonly Sample[],
): number {
  const values = samples.map(({ value }) => value)
  switch (operator) {
    case 'sum':
      return values.reduce((total, value) => total + value)
    case 'count':
      return values.length
    case 'min':
      return values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least))
    case 'max':
      return values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most))
    case 'avg':
      return mean(values)
    case 'stdvar':
      return variance(values)
    case 'stddev':
      return Math.sqrt(variance(values))
  }
}

function mean(values: readonly number[]): number {
  let average = values[0] as number
  for (let index = 1; index < values.length; index++) {
    const value = values[index] as number
    const infinite = Math.abs(average) === Number.POSITIVE_INFINITY
    if (infinite && (value === average || Number.isFinite(value))) continue
    average += (value - average) / (index + 1)
  }
  return average
}

/** Welford's algorithm, begun with the first value as the mean. */
function variance(values: readonly number[]): number {
  let [average, squares] = [values[0] as number, 0]
  for (let index = 1; index < values.length; index++) {
    const value = values[index] as number
    const delta = value - average
    average += delta / (index + 1)
    squares += delta * (value - average)
  }
  return squares / values.length
}
