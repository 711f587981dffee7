import { type Labels, labelsKey } from '../labels.js'

/** The name of a series: its labels, and one text for them. */
export type Metric = { readonly labels: Labels; readonly key: string }

/** A series' value at one step. */
export type Sample = { readonly metric: Metric; readonly value: number }

/** The samples of one step. */
export type Vector = readonly Sample[]

/** Creates the name of a series. */
export function createMetric(labels: Labels): Metric {
  return { labels, key: labelsKey(labels) }
}

/** The name of a series without labels. */
export const emptyMetric: Metric = createMetric({})

/** The times at which a metric query is evaluated, in nanoseconds since the epoch: `start`, `start + step`, … */
export type Steps = { readonly start: bigint; readonly step: bigint; readonly count: number }
