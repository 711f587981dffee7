import type { Grouping, LabelFilter, RangeAggregation } from '../query.js'
import type { Stage } from '../stage/entry.js'
import { type Entry, errorLabel } from '../stage/entry.js'
import { Hints, hintNames } from '../stage/hints.js'
import { createLabelFilter, filterLabels } from '../stage/label-filter.js'
import { compileStages, earlyFilters, runStages, stageLabels } from '../stage/pipeline.js'
import { type Parsed, parseBytes, parseGoDuration, parseGoFloat } from '../units.js'
import { createMetric, emptyMetric, type Metric, type Sample } from './sample.js'

/** Turns lines into samples. */
export type Extractor = {
  readonly hints: Hints
  /** Whether each line counts as one, or as its bytes. */
  readonly isCount: boolean
  /** The labels whose values separate series, or undefined: any may. */
  readonly by: readonly string[] | undefined
  /** Returns the series that an entry belongs to. */
  metricOf(entry: Entry): Metric
  /** Runs the pipeline. Returns undefined where it drops the line, or the line has no value. */
  extract(entry: Entry): Sample | undefined
}

/** Creates the extractor of a range aggregation, whose samples are grouped at once where there is a grouping. */
export function createExtractor(query: RangeAggregation, grouping: Grouping | undefined): Extractor {
  const { log, unwrap } = query
  const single =
    query.operator === 'absent_over_time' ||
    (grouping !== undefined && !grouping.without && grouping.labels.length === 0)
  // The unwrapped label is no label of the series, unless the query asks for it.
  const groups =
    unwrap && (!grouping || grouping.without || grouping.labels.length === 0)
      ? { without: true, labels: [...(grouping?.labels ?? []), unwrap.label] }
      : (grouping ?? { without: false, labels: [] })
  const stages = compileStages(log.stages)
  const filters = unwrap?.filters.map(createLabelFilter) ?? []
  const hints = createHints(query, groups, single)
  const metricOf = createNamer(groups, single)
  const readValue = createValue(query)
  return {
    hints,
    isCount: unwrap === undefined,
    by: single ? [] : groups.without || groups.labels.length === 0 ? undefined : groups.labels,
    metricOf,
    extract(entry) {
      if (!runStages(stages, entry)) return undefined
      const value = readValue(entry)
      if (value === undefined || !passes(filters, entry)) return undefined
      return { metric: metricOf(entry), value }
    },
  }
}

/** Every filter runs: a later one may record an error even where an earlier one drops the line. */
function passes(filters: readonly Stage[], entry: Entry): boolean {
  return filters.reduce((passed, filter) => filter(entry) && passed, true)
}

function createHints({ log, unwrap }: RangeAggregation, groups: Grouping, single: boolean): Hints {
  const filters = unwrap?.filters ?? []
  const required = hintNames([
    ...stageLabels(log.stages),
    ...filters.flatMap(filterLabels),
    ...groups.labels,
    ...(unwrap ? [unwrap.label] : []),
  ])
  const staged = log.stages.flatMap((stage): readonly LabelFilter[] => (stage.kind === 'filter' ? [stage.filter] : []))
  const early = earlyFilters([...staged, ...(filters.length === 1 ? filters : [])])
  if (single) return required.length > 0 ? new Hints({ required, filters: early }) : new Hints({ noLabels: true })
  if (groups.without || groups.labels.length === 0) return new Hints({ filters: early })
  return new Hints({ required })
}

function createNamer(groups: Grouping, single: boolean): (entry: Entry) => Metric {
  const known = new Map<string, Metric>()
  return (entry) => {
    if (single && entry.error === '') return emptyMetric
    const all = entry.error !== '' || groups.labels.length === 0
    const labels: Record<string, string> = {}
    entry.forEach((name, value) => {
      if (all || groups.labels.includes(name) !== groups.without) labels[name] = value
    })
    const metric = createMetric(labels)
    const found = known.get(metric.key)
    if (found) return found
    known.set(metric.key, metric)
    return metric
  }
}

const conversions: Readonly<Record<'number' | 'duration' | 'bytes', (text: string) => Parsed<number>>> = {
  number: parseGoFloat,
  duration: (text) => scaled(parseGoDuration(text), 1e9),
  bytes: (text) => scaled(parseBytes(text), 1),
}

function scaled(parsed: Parsed<bigint>, by: number): Parsed<number> {
  return 'value' in parsed ? { value: Number(parsed.value) / by } : parsed
}

function createValue({ operator, unwrap }: RangeAggregation): (entry: Entry) => number | undefined {
  if (!unwrap) return operator.startsWith('bytes_') ? ({ line }) => Buffer.byteLength(line) : () => 1
  const convert = conversions[unwrap.conversion]
  return (entry) => {
    const text = unwrap.label === errorLabel ? entry.error : entry.get(unwrap.label)
    if (!text) return undefined
    const parsed = convert(text)
    if ('value' in parsed) return parsed.value
    entry.fail('SampleExtractionErr', parsed.error)
    return 0
  }
}
