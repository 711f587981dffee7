import type { Context } from '../context.js'
import type { Condition, Stream } from '../engine.js'
import type { RangeAggregation } from '../query.js'
import { Entry } from '../stage/entry.js'
import { Hints } from '../stage/hints.js'
import type { Extractor } from './extractor.js'
import type { Metric, Sample, Steps, Vector } from './sample.js'
import { secondsOf } from './window.js'

/** More buckets than this are not worth asking for: the rows are scanned instead. */
const mostBuckets = 20_000

type Counting = {
  readonly query: RangeAggregation
  readonly extractor: Extractor
  readonly streams: ReadonlyMap<number, Stream>
  readonly steps: Steps
  readonly context: Context
  readonly where: readonly Condition[]
}

/** Lets the engine count lines in buckets, of which each range is a whole number; undefined where it cannot. */
export async function countWindows(counting: Counting): Promise<readonly Vector[] | undefined> {
  const { query, steps, context, streams, extractor, where } = counting
  const { engine, signal } = context
  const width = steps.count === 1 ? query.range : divisor(query.range, steps.step)
  if (!engine.count || width <= 0n) return undefined
  const [perRange, perStep] = [Number(query.range / width), steps.count === 1 ? 0 : Number(steps.step / width)]
  const [first, last] = [1 - perRange, perStep * (steps.count - 1)]
  if (last - first >= mostBuckets) return undefined
  const counts = await engine.count({
    streams: [...streams.keys()],
    origin: steps.start - query.offset,
    width,
    first,
    last,
    where,
    metadata: extractor.by ?? 'all',
    bytes: query.operator.startsWith('bytes_'),
    signal,
  })
  if (!counts) return undefined
  const entry = new Entry(new Hints())
  const series = new Map<Metric, Bucket[]>()
  for (const { bucket, stream, metadata, lines, bytes } of counts) {
    const owner = streams.get(stream)
    if (!owner) continue
    entry.begin(0n, '', owner.labels, metadata)
    const metric = extractor.metricOf(entry)
    const amount = query.operator.startsWith('bytes_') ? bytes : lines
    const buckets = series.get(metric)
    if (buckets) buckets.push({ bucket, amount })
    else series.set(metric, [{ bucket, amount }])
  }
  return slide(query, series, { steps, perRange, perStep })
}

type Bucket = { readonly bucket: number; readonly amount: number }
type Grid = { readonly steps: Steps; readonly perRange: number; readonly perStep: number }

function slide(
  query: RangeAggregation,
  series: ReadonlyMap<Metric, Bucket[]>,
  { steps, perRange, perStep }: Grid,
): readonly Vector[] {
  const rate = query.operator === 'rate' || query.operator === 'bytes_rate'
  const scale = rate ? secondsOf(query.range) : 1
  const vectors: Sample[][] = Array.from({ length: steps.count }, () => [])
  for (const [metric, buckets] of [...series].sort(([a], [b]) => (a.key < b.key ? -1 : 1))) {
    buckets.sort((a, b) => a.bucket - b.bucket)
    let [from, to, amount] = [0, 0, 0]
    for (let step = 0; step < steps.count; step++) {
      const end = step * perStep
      for (; to < buckets.length && (buckets[to] as Bucket).bucket <= end; to++)
        amount += (buckets[to] as Bucket).amount
      for (; from < to && (buckets[from] as Bucket).bucket <= end - perRange; from++)
        amount -= (buckets[from] as Bucket).amount
      if (from < to) vectors[step]?.push({ metric, value: amount / scale })
    }
  }
  return vectors
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b)
}
