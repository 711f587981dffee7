import { deriveConditions } from '../conditions.js'
import { type Context, selectStreams } from '../context.js'
import type { Stream } from '../engine.js'
import { LogQLError } from '../error.js'
import type { Labels } from '../labels.js'
import type { Grouping, RangeAggregation } from '../query.js'
import { Entry, errorDetailsLabel, errorLabel, preserveErrorLabel } from '../stage/entry.js'
import { countWindows } from './count.js'
import { createExtractor, type Extractor } from './extractor.js'
import { createMetric, type Metric, type Sample, type Steps, type Vector } from './sample.js'
import { SeriesBuffer } from './series-buffer.js'
import { windowAggregate } from './window.js'

/**
 * Evaluates a range aggregation at each step. The range of a step is (t - range, t].
 *
 * @param outer  the grouping of a surrounding `sum`, by which samples can be grouped at once.
 */
export async function evaluateRange(
  query: RangeAggregation,
  outer: Grouping | undefined,
  steps: Steps,
  context: Context,
): Promise<readonly Vector[]> {
  const streams = selectStreams(context, query.log.selector)
  const extractor = createExtractor(query, query.grouping ?? outer)
  const vectors = await windows(query, extractor, streams, steps, context)
  if (query.operator !== 'absent_over_time') return vectors
  const metric = createMetric(absentLabels(query))
  return vectors.map((vector): Vector => (vector.length > 0 ? [] : [{ metric, value: 1 }]))
}

async function windows(
  query: RangeAggregation,
  extractor: Extractor,
  streams: ReadonlyMap<number, Stream>,
  steps: Steps,
  context: Context,
): Promise<readonly Vector[]> {
  if (streams.size === 0) return Array.from({ length: steps.count }, () => [])
  const names = new Set([...streams.values()].flatMap(({ labels }) => Object.keys(labels)))
  const { where, exact } = deriveConditions(query.log.stages, names)
  if (exact && !query.unwrap && extractor.isCount) {
    const counted = await countWindows({ query, extractor, streams, steps, context, where })
    if (counted) return counted
  }
  const first = steps.start - query.offset
  const last = first + steps.step * BigInt(steps.count - 1)
  const series = new Map<string, { readonly metric: Metric; readonly buffer: SeriesBuffer }>()
  const entry = new Entry(extractor.hints)
  const request = {
    streams: [...streams.keys()],
    start: first - query.range + 1n,
    end: last + 1n,
    where,
    direction: 'forward',
    expected: Number.POSITIVE_INFINITY,
    signal: context.signal,
  } as const
  for await (const rows of context.engine.scan(request)) {
    context.signal?.throwIfAborted()
    for (const { time, stream, metadata, line } of rows) {
      if (time < request.start || time >= request.end) continue
      const owner = streams.get(stream)
      if (!owner) continue
      entry.begin(time, line, owner.labels, metadata)
      const sample = extractor.extract(entry)
      if (!sample) continue
      const found = series.get(sample.metric.key)
      if (found) found.buffer.push(time, sample.value)
      else {
        const buffer = new SeriesBuffer()
        buffer.push(time, sample.value)
        series.set(sample.metric.key, { metric: sample.metric, buffer })
      }
    }
  }
  return slide(query, [...series.values()].sort(byKey), steps)
}

function byKey(a: { readonly metric: Metric }, b: { readonly metric: Metric }): number {
  return a.metric.key < b.metric.key ? -1 : 1
}

function slide(
  query: RangeAggregation,
  series: readonly { readonly metric: Metric; readonly buffer: SeriesBuffer }[],
  steps: Steps,
): readonly Vector[] {
  const { operator, parameter, range, offset } = query
  const aggregate = windowAggregate(operator, { parameter, unwrapped: query.unwrap !== undefined })
  const vectors: Sample[][] = Array.from({ length: steps.count }, () => [])
  for (const { metric, buffer } of series) {
    const { times, values } = buffer.content()
    let [from, to] = [0, 0]
    for (let step = 0; step < steps.count; step++) {
      const end = steps.start + steps.step * BigInt(step) - offset
      while (to < times.length && (times[to] as bigint) <= end) to++
      while (from < to && (times[from] as bigint) <= end - range) from++
      if (from === to) continue
      failOnError(metric.labels, query)
      const window = { times: times.subarray(from, to), values: values.subarray(from, to), range, end }
      vectors[step]?.push({ metric, value: aggregate(window) })
    }
  }
  return vectors
}

/** A line that a stage failed for makes a metric query fail, unless the query groups by the error or filters it out. */
function failOnError(labels: Labels, { span }: RangeAggregation): void {
  const error = labels[errorLabel]
  if (!error || labels[preserveErrorLabel] === 'true') return
  throw new LogQLError(
    'pipeline',
    `pipeline error: '${error}' for series: '${JSON.stringify(labels)}'.\nUse a label filter to intentionally skip this error. (e.g | __error__!="${error}").\nTo skip all potential errors you can match empty errors.(e.g __error__="")\nThe label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )\n${labels[errorDetailsLabel] ?? ''}`.trimEnd(),
    span,
  )
}

/** The labels of a series that says that there was none: those that the selector fixes by equality, once. */
function absentLabels({ log }: RangeAggregation): Labels {
  const labels: Record<string, string> = {}
  const dropped = new Set<string>()
  for (const { name, operator, value } of log.selector) {
    if (operator === '=' && labels[name] === undefined) labels[name] = value
    else dropped.add(name)
  }
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !dropped.has(name)))
}
