import type { Condition } from './engine.js'
import type { LabelFilter, StagePlan } from './query.js'

/** Conditions on stored lines that follow from a pipeline. */
export type Conditions = {
  /** They hold for every line that the pipeline keeps. */
  readonly where: readonly Condition[]
  /** Whether a line that meets them is kept, unchanged, with the labels that it has. */
  readonly exact: boolean
}

/**
 * Derives conditions that an engine can apply before a line is read here.
 *
 * @param streamLabels  the names of the labels of the selected streams.
 */
export function deriveConditions(stages: readonly StagePlan[], streamLabels: ReadonlySet<string>): Conditions {
  const where: Condition[] = []
  let exact = true
  let parser: 'none' | 'json' = 'none'
  for (const stage of stages) {
    if (stage.kind === 'line') {
      const condition = lineCondition(stage)
      if (condition) where.push(condition)
      else exact = false
    } else if (stage.kind === 'filter') {
      exact = false
      where.push(...filterConditions(stage.filter, streamLabels, parser))
    } else {
      exact = false
      // These change the line or the labels, so that nothing further is known of the stored line.
      if (stage.kind !== 'json' || stage.extract || parser !== 'none') break
      parser = 'json'
    }
  }
  return { where, exact }
}

function lineCondition({ operator, of }: StagePlan & { readonly kind: 'line' }): Condition | undefined {
  if (of.some(({ ip }) => ip) || operator === '|>' || operator === '!>') return undefined
  const kind = operator === '|~' || operator === '!~' ? 'regexp' : 'contains'
  const found = of.map(({ value }): Condition => (kind === 'regexp' ? { kind, pattern: value } : { kind, text: value }))
  const any = oneOf(found)
  return operator.startsWith('!') ? { kind: 'not', of: any } : any
}

function oneOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions
  return only && conditions.length === 1 ? only : { kind: 'any', of: conditions }
}

function filterConditions(
  filter: LabelFilter,
  streamLabels: ReadonlySet<string>,
  parser: 'none' | 'json',
): readonly Condition[] {
  if (filter.kind === 'and')
    return [filter.left, filter.right].flatMap((side) => filterConditions(side, streamLabels, parser))
  if (filter.kind === 'or') {
    const sides = [filter.left, filter.right].map((side) => filterConditions(side, streamLabels, parser))
    return sides.every((side) => side.length > 0) ? [oneOf(sides.map((of) => ({ kind: 'all', of })))] : []
  }
  if (filter.kind === 'matcher') {
    const { name, operator, value } = filter.matcher
    if (operator !== '=' || value === '' || streamLabels.has(name) || name.startsWith('__')) return []
    const stored: Condition = { kind: 'metadata', name, value }
    if (parser === 'none') return [stored]
    const absent: Condition = { kind: 'metadata', name, value: '' }
    const field: Condition = { kind: 'field', name, value }
    return [oneOf([stored, { kind: 'all', of: [absent, field, ...textConditions(value)] }])]
  }
  if (filter.kind !== 'number' || parser === 'none' || streamLabels.has(filter.name)) return []
  const { name, operator: op, value } = filter
  return [
    oneOf([
      { kind: 'not', of: { kind: 'metadata', name, value: '' } },
      { kind: 'number', name, op, value },
    ]),
  ]
}

/** A JSON text whose value is `value` has it in these characters, or has an escape. */
function textConditions(value: string): readonly Condition[] {
  if (!/^[\w ./:@#+,;=()[\]-]+$/.test(value)) return []
  const written: Condition[] = [value, '\\u', ...(value.includes('/') ? ['\\/'] : [])].map((text) => ({
    kind: 'contains',
    text,
  }))
  return [oneOf(written)]
}
