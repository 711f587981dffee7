import type { NumberOperator } from './engine.js'
import type { Span } from './error.js'
import type { Matcher } from './matcher.js'
import type { Template } from './template/node.js'

/** What a query means, checked and with its patterns compiled: the plan that an engine's lines are run through. */
export type Query = LogQuery | MetricQuery

/** A query for lines. */
export type LogQuery = {
  readonly kind: 'log'
  readonly selector: readonly Matcher[]
  readonly stages: readonly StagePlan[]
  readonly span: Span
}

/** A query for numbers. */
export type MetricQuery = RangeAggregation | VectorAggregation | BinaryOperation | Literal | Constant | LabelReplace

export type RangeOperator =
  | 'count_over_time'
  | 'rate'
  | 'rate_counter'
  | 'bytes_over_time'
  | 'bytes_rate'
  | 'sum_over_time'
  | 'avg_over_time'
  | 'min_over_time'
  | 'max_over_time'
  | 'stddev_over_time'
  | 'stdvar_over_time'
  | 'quantile_over_time'
  | 'first_over_time'
  | 'last_over_time'
  | 'absent_over_time'

export type RangeAggregation = {
  readonly kind: 'range'
  readonly operator: RangeOperator
  readonly log: LogQuery
  /** Nanoseconds. */
  readonly range: bigint
  /** Nanoseconds; positive: further back. */
  readonly offset: bigint
  readonly unwrap: Unwrap | undefined
  readonly parameter: number | undefined
  readonly grouping: Grouping | undefined
  readonly span: Span
}

export type Unwrap = {
  readonly label: string
  readonly conversion: 'number' | 'duration' | 'bytes'
  /** Label filters after the conversion. */
  readonly filters: readonly LabelFilter[]
}

export type Grouping = { readonly without: boolean; readonly labels: readonly string[] }

export type VectorOperator =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'approx_topk'
  | 'sort'
  | 'sort_desc'

export type VectorAggregation = {
  readonly kind: 'vector'
  readonly operator: VectorOperator
  readonly of: MetricQuery
  /** How many series `topk`, `bottomk` and `approx_topk` keep. */
  readonly parameter: number | undefined
  readonly grouping: Grouping | undefined
  readonly span: Span
}

export type BinaryOperator = 'or' | 'and' | 'unless' | '+' | '-' | '*' | '/' | '%' | '^' | NumberOperator

export type BinaryOperation = {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: MetricQuery
  readonly right: MetricQuery
  readonly bool: boolean
  readonly matching: VectorMatching
  readonly span: Span
}

export type VectorMatching = {
  /** `on`: the series are matched by `labels`; `ignoring`: by every label but these. */
  readonly by: 'on' | 'ignoring'
  readonly labels: readonly string[]
  /** Which side may have several series for one of the other; `one`: neither. */
  readonly many: 'one' | 'left' | 'right'
  /** The labels that `group_left` or `group_right` copies from the other side. */
  readonly include: readonly string[]
}

/** A number. */
export type Literal = { readonly kind: 'literal'; readonly value: number; readonly span: Span }

/** `vector(1)`: one series without labels. */
export type Constant = { readonly kind: 'constant'; readonly value: number; readonly span: Span }

export type LabelReplace = {
  readonly kind: 'label_replace'
  readonly of: MetricQuery
  readonly target: string
  readonly replacement: string
  readonly source: string
  readonly pattern: string
  readonly span: Span
}

export type LineOperator = '|=' | '!=' | '|~' | '!~' | '|>' | '!>'

/** A stage of a pipeline, as written. */
export type StagePlan = { readonly span: Span } & (
  | {
      readonly kind: 'line'
      readonly operator: LineOperator
      /** Alternatives joined by `or`. */
      readonly of: readonly { readonly ip: boolean; readonly value: string }[]
    }
  | { readonly kind: 'json'; readonly extract: readonly Extraction[] | undefined }
  | {
      readonly kind: 'logfmt'
      readonly strict: boolean
      readonly keepEmpty: boolean
      readonly extract: readonly Extraction[] | undefined
    }
  | { readonly kind: 'regexp'; readonly pattern: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'unpack' }
  | { readonly kind: 'decolorize' }
  | { readonly kind: 'filter'; readonly filter: LabelFilter }
  | { readonly kind: 'line_format'; readonly template: Template }
  | { readonly kind: 'label_format'; readonly formats: readonly LabelFormat[] }
  | { readonly kind: 'drop'; readonly labels: readonly NamedMatcher[] }
  | { readonly kind: 'keep'; readonly labels: readonly NamedMatcher[] }
)

export type Extraction = { readonly label: string; readonly expression: string; readonly span: Span }

export type LabelFormat =
  | { readonly kind: 'rename'; readonly label: string; readonly from: string }
  | { readonly kind: 'template'; readonly label: string; readonly template: Template }

/** A label of `drop` or `keep`: by name, or by name and value. */
export type NamedMatcher = { readonly name: string; readonly matcher: Matcher | undefined }

export type LabelFilter =
  | { readonly kind: 'matcher'; readonly matcher: Matcher }
  | { readonly kind: 'number'; readonly name: string; readonly operator: NumberOperator; readonly value: number }
  /** Nanoseconds. */
  | { readonly kind: 'duration'; readonly name: string; readonly operator: NumberOperator; readonly value: bigint }
  | { readonly kind: 'bytes'; readonly name: string; readonly operator: NumberOperator; readonly value: bigint }
  | { readonly kind: 'ip'; readonly name: string; readonly negated: boolean; readonly pattern: string }
  | { readonly kind: 'and' | 'or'; readonly left: LabelFilter; readonly right: LabelFilter }
