import type { StagePlan } from '../query.js'

/**
 * Moves line filters before the parsers and label filters that they follow, as Loki does, up to a stage that it knows to replace the
 * line: `line_format` and `unpack`. It does not count `decolorize` among these, so that a filter behind it sees the colours.
 */
export function reorderStages(stages: readonly StagePlan[]): readonly StagePlan[] {
  const ordered: StagePlan[] = []
  let filters: StagePlan[] = []
  let others: StagePlan[] = []
  const flush = () => {
    ordered.push(...filters, ...others)
    filters = []
    others = []
  }
  for (const stage of stages) {
    if (stage.kind === 'line') filters.push(stage)
    else others.push(stage)
    if (stage.kind === 'line_format' || stage.kind === 'unpack') flush()
  }
  flush()
  return ordered
}
