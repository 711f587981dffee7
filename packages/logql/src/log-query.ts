import { deriveConditions } from './conditions.js'
import { type Context, selectStreams } from './context.js'
import { type Labels, labelsKey } from './labels.js'
import type { LabelFilter, LogQuery } from './query.js'
import type { Categories, StreamResult, StreamValue } from './result.js'
import { Entry } from './stage/entry.js'
import { Hints } from './stage/hints.js'
import { compileStages, earlyFilters, runStages } from './stage/pipeline.js'

/** What lines a log query returns. */
export type LogOptions = {
  /** Nanoseconds since the epoch, inclusive. */
  readonly start: bigint
  /** Nanoseconds since the epoch, exclusive. */
  readonly end: bigint
  readonly limit: number
  readonly direction: 'forward' | 'backward'
  /** The least time between two lines of the answer, in nanoseconds. 0: none is left out. */
  readonly interval: bigint
  readonly categorizeLabels: boolean
}

/** Evaluates a log query. The lines of a stream keep the order of the direction; streams are in the order of their labels. */
export async function evaluateLog(
  query: LogQuery,
  options: LogOptions,
  context: Context,
): Promise<readonly StreamResult[]> {
  const streams = selectStreams(context, query.selector)
  if (streams.size === 0) return []
  const collector = new Collector(options)
  const stages = compileStages(query.stages)
  const filters = query.stages.flatMap((stage): readonly LabelFilter[] =>
    stage.kind === 'filter' ? [stage.filter] : [],
  )
  const entry = new Entry(new Hints({ filters: earlyFilters(filters) }))
  const names = new Set([...streams.values()].flatMap(({ labels }) => Object.keys(labels)))
  const { start, end, direction, limit } = options
  const { where } = deriveConditions(query.stages, names)
  const request = {
    streams: [...streams.keys()],
    start,
    end,
    where,
    direction,
    expected: limit,
    signal: context.signal,
  }
  for await (const rows of context.engine.scan(request)) {
    context.signal?.throwIfAborted()
    for (const { time, stream, metadata, line } of rows) {
      const owner = streams.get(stream)
      if (!owner || time < start || time >= end) continue
      entry.begin(time, line, owner.labels, metadata)
      if (!runStages(stages, entry)) continue
      collector.add(entry)
      if (collector.full) return collector.result()
    }
  }
  return collector.result()
}

class Collector {
  readonly #options: LogOptions
  readonly #streams = new Map<string, { readonly stream: Labels; readonly values: StreamValue[] }>()
  #lines = 0
  #last: bigint | undefined

  constructor(options: LogOptions) {
    this.#options = options
  }

  get full(): boolean {
    return this.#lines >= this.#options.limit
  }

  add(entry: Entry): void {
    // The limit counts the lines that are found, before the interval leaves some out.
    this.#lines++
    if (!this.#isDue(entry.time)) return
    this.#last = entry.time
    const { stream, categories } = this.#options.categorizeLabels
      ? categorize(entry)
      : { stream: entry.labels(), categories: undefined }
    const value: StreamValue = categories
      ? [String(entry.time), entry.line, categories]
      : [String(entry.time), entry.line]
    const key = labelsKey(stream)
    const found = this.#streams.get(key)
    if (found) found.values.push(value)
    else this.#streams.set(key, { stream, values: [value] })
  }

  #isDue(time: bigint): boolean {
    const { interval, direction } = this.#options
    if (interval === 0n || this.#last === undefined) return true
    return direction === 'forward' ? time >= this.#last + interval : time <= this.#last - interval
  }

  result(): readonly StreamResult[] {
    return [...this.#streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stream]) => stream)
  }
}

function categorize(entry: Entry): { readonly stream: Labels; readonly categories: Categories } {
  const [stream, structuredMetadata, parsed]: Record<string, string>[] = [{}, {}, {}]
  entry.forEach((name, value, from) => {
    const labels = from === 'stream' ? stream : from === 'metadata' ? structuredMetadata : parsed
    if (labels) labels[name] = value
  })
  const has = (labels: Labels | undefined): labels is Labels => labels !== undefined && Object.keys(labels).length > 0
  return {
    stream: stream ?? {},
    categories: { ...(has(structuredMetadata) && { structuredMetadata }), ...(has(parsed) && { parsed }) },
  }
}
