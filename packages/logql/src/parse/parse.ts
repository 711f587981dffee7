import type { SyntaxNode } from '@lezer/common'
import { invalid, LogQLError, unsupported } from '../error.js'
import type { Matcher } from '../matcher.js'
import type {
  BinaryOperator,
  Grouping,
  LabelReplace,
  LogQuery,
  MetricQuery,
  Query,
  RangeAggregation,
  RangeOperator,
  Unwrap,
  VectorAggregation,
  VectorOperator,
} from '../query.js'
import { compileRegexp } from '../regexp.js'
import { validatePipeline } from '../stage/pipeline.js'
import { reorderStages } from '../stage/reorder.js'
import { parseQueryDuration } from '../units.js'
import { type BinaryPart, joinOperands, parseModifier } from './binary.js'
import { parseMatcher, parseStages, parseUnwrapFilters, stringOf, textOf } from './parse-stage.js'
import { childrenOf, descendants, parseTree, type Source, spanOf } from './tree.js'

/**
 * Parses a query.
 *
 * @throws LogQLError with the position: `syntax` where the text is no LogQL, `invalid` where Loki refuses it as well,
 *   `unsupported` where only this package does.
 */
export function parseQuery(text: string): Query {
  if (text.trim() === '') throw invalid('syntax error: unexpected end of the query')
  const source = parseTree(text)
  const [expression] = childrenOf(source.root)
  if (expression?.name !== 'Expr') throw invalid('syntax error: no expression', { from: 0, to: text.length })
  return parseExpression(expression, source)
}

/**
 * Reports what a query asks for: lines (`log`) or numbers (`metric`).
 *
 * @throws LogQLError where the query would get no answer, whatever the lines.
 */
export function queryKind(text: string): 'log' | 'metric' {
  return parseQuery(text).kind === 'log' ? 'log' : 'metric'
}

/**
 * Parses a stream selector, `{app="api"}`, as `match[]` of `/series` and `query` of `/labels` have it.
 *
 * @throws LogQLError where the text is more than a selector, or selects by no label.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const query = parseQuery(text)
  if (query.kind !== 'log' || query.stages.length > 0) throw invalid('only label matchers are supported')
  return query.selector
}

function parseExpression(node: SyntaxNode, source: Source): Query {
  const [child] = childrenOf(node)
  switch (child?.name) {
    case 'MetricExpr':
      return parseMetric(child, source)
    case 'LogExpr':
      return parseLog(child, source)
    case 'Expr':
      return parseExpression(child, source)
    default:
      throw unsupported(child?.name ?? 'an empty expression', spanOf(node))
  }
}

function parseLog(node: SyntaxNode, source: Source): LogQuery {
  const [nested] = node.getChildren('LogExpr')
  if (nested) return parseLog(nested, source)
  const [selector] = descendants(node, 'Selector')
  if (!selector) throw invalid('expected a stream selector', spanOf(node))
  const matchers = descendants(selector, 'Matcher').map((matcher) => parseMatcher(matcher, source, 's'))
  if (!matchers.some(({ operator, test }) => (operator === '=' || operator === '=~') && !test('')))
    throw invalid(
      'queries require at least one regexp or equality matcher that does not have an empty-compatible value. For instance, app=~".*" does not meet this requirement, but app=~".+" will',
      spanOf(selector),
    )
  const stages = reorderStages(node.getChildren('PipelineExpr').flatMap((pipeline) => parseStages(pipeline, source)))
  validatePipeline(stages)
  return { kind: 'log', selector: matchers, stages, span: spanOf(node) }
}

function parseMetric(node: SyntaxNode, source: Source): MetricQuery {
  const [child] = childrenOf(node)
  if (!child) throw invalid('expected an expression', spanOf(node))
  const span = spanOf(child)
  switch (child.name) {
    case 'RangeAggregationExpr':
      return parseRange(child, source)
    case 'VectorAggregationExpr':
      return parseVector(child, source)
    case 'BinOpExpr': {
      const parts: BinaryPart[] = []
      flattenBinary(child, source, parts)
      return joinOperands(parts)
    }
    case 'LiteralExpr':
      return { kind: 'literal', value: Number(textOf(child, source).replaceAll(/\s/g, '')), span }
    case 'VectorExpr':
      return { kind: 'constant', value: numberOf(child.getChild('Number'), source) ?? Number.NaN, span }
    case 'LabelReplaceExpr':
      return parseLabelReplace(child, source)
    case 'MetricExpr':
      return parseMetric(child, source)
    default:
      throw unsupported(child.name, span)
  }
}

/** Reads operands and operators in the order of the text: the grammar's tree does not follow Loki's precedence. */
function flattenBinary(node: SyntaxNode, source: Source, parts: BinaryPart[]): void {
  const [left, operator] = childrenOf(node)
  const right = node.lastChild
  if (!left || !operator || !right) throw invalid('expected two operands', spanOf(node))
  flattenOperand(left, source, parts)
  const modifier = parseModifier(node.getChild('BinOpModifier'), source)
  parts.push({ operator: textOf(operator, source) as BinaryOperator, ...modifier, span: spanOf(operator) })
  flattenOperand(right, source, parts)
}

function flattenOperand(node: SyntaxNode, source: Source, parts: BinaryPart[]): void {
  const metric = node.getChild('MetricExpr')
  const binary = node.name === 'Expr' && metric?.from === node.from ? metric.getChild('BinOpExpr') : null
  if (binary && binary.from === node.from && binary.to === node.to) flattenBinary(binary, source, parts)
  else parts.push({ operand: parseExpression(node, source), span: spanOf(node) })
}

const withUnwrap: readonly RangeOperator[] = [
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
  'rate',
  'rate_counter',
  'absent_over_time',
]
const needUnwrap: readonly RangeOperator[] = withUnwrap.filter(
  (operator) => operator !== 'rate' && operator !== 'absent_over_time',
)
const grouped: readonly RangeOperator[] = [
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
]

function parseRange(node: SyntaxNode, source: Source): RangeAggregation {
  const span = spanOf(node)
  const operator = textOf(node.getChild('RangeOp') as SyntaxNode, source) as RangeOperator
  let inner = node.getChild('LogRangeExpr') as SyntaxNode
  for (let next = inner.getChild('LogRangeExpr'); next; next = inner.getChild('LogRangeExpr')) inner = next
  const unwrap = parseUnwrap(inner, source)
  const parameter = numberOf(node.getChild('Number'), source)
  const grouping = parseGrouping(node.getChild('Grouping'), source)
  if (unwrap && !withUnwrap.includes(operator)) throw invalid(`invalid aggregation ${operator} with unwrap`, span)
  if (!unwrap && needUnwrap.includes(operator)) throw invalid(`invalid aggregation ${operator} without unwrap`, span)
  if (grouping && !grouped.includes(operator)) throw invalid(`grouping not allowed for ${operator} aggregation`, span)
  if (operator === 'quantile_over_time' && parameter === undefined)
    throw invalid(`parameter required for operation ${operator}`, span)
  if (operator !== 'quantile_over_time' && parameter !== undefined)
    throw invalid(`parameter not supported for operation ${operator}`, span)
  const log = parseLog(inner, source)
  return { kind: 'range', operator, log, ...parseWindow(inner, source), unwrap, parameter, grouping, span }
}

/** Reads `[5m] offset 1h`. */
function parseWindow(node: SyntaxNode, source: Source): { readonly range: bigint; readonly offset: bigint } {
  const range = descendants(node, 'Range')[0] as SyntaxNode
  const [duration] = childrenOf(range)
  const nanoseconds = duration ? parseQueryDuration(textOf(duration, source)) : undefined
  if (nanoseconds === undefined)
    throw invalid(`not a valid duration string: "${textOf(range, source).slice(1, -1)}"`, spanOf(range))
  const written = descendants(node, 'OffsetExpr')[0]
  if (!written) return { range: nanoseconds, offset: source.offsets.get(range.to)?.offset ?? 0n }
  const text = textOf(written, source).replace(/^offset\s*/, '')
  const offset = parseQueryDuration(text.replace(/^-/, ''))
  if (offset === undefined) throw invalid(`not a valid duration string: "${text}"`, spanOf(written))
  return { range: nanoseconds, offset: text.startsWith('-') ? -offset : offset }
}

function parseUnwrap(node: SyntaxNode, source: Source): Unwrap | undefined {
  const expression = node.getChild('UnwrapExpr')
  if (!expression) return undefined
  let innermost = expression
  for (let next = innermost.getChild('UnwrapExpr'); next; next = innermost.getChild('UnwrapExpr')) innermost = next
  const convert = innermost.getChild('ConvOp')
  const label = textOf(innermost.getChild('Identifier') as SyntaxNode, source)
  const conversion = convert ? (textOf(convert, source) === 'bytes' ? 'bytes' : 'duration') : 'number'
  return { label, conversion, filters: parseUnwrapFilters(expression, source) }
}

function parseVector(node: SyntaxNode, source: Source): VectorAggregation {
  const span = spanOf(node)
  const name = node.getChild('VectorOp') as SyntaxNode
  const operator = textOf(name, source) as VectorOperator
  const limits = operator === 'topk' || operator === 'bottomk' || operator === 'approx_topk'
  const grouping = parseGrouping(node.getChild('Grouping'), source)
  const written = node.getChild('Number')
  const parameter = numberOf(written, source)
  if (limits && (!written || parameter === undefined))
    throw invalid(`parameter required for operation ${operator}`, span)
  if (!limits && parameter !== undefined)
    throw invalid(`unsupported parameter for operation ${operator}(${parameter},`, span)
  if (limits && !/^\d+$/.test(textOf(written as SyntaxNode, source)))
    throw invalid(`invalid parameter ${operator}(${parameter},`, span)
  if (parameter !== undefined && parameter <= 0)
    throw invalid(`invalid parameter (must be greater than 0) ${operator}(${parameter}`, span)
  if (grouping && (operator === 'sort' || operator === 'sort_desc'))
    throw invalid("sort and sort_desc doesn't allow grouping by", span)
  if (grouping && operator === 'approx_topk') throw invalid('grouping not allowed for approx_topk aggregation', span)
  const inner = node.getChildren('MetricExpr').at(-1)
  if (!inner) throw invalid('expected a metric query', span)
  const of = parseMetric(inner, source)
  if (of.kind === 'literal')
    throw new LogQLError('evaluation', `${operator} of a number: it aggregates series`, spanOf(inner))
  return { kind: 'vector', operator, of, parameter, grouping, span }
}

function parseLabelReplace(node: SyntaxNode, source: Source): LabelReplace {
  const [target = '', replacement = '', from = '', pattern = ''] = node
    .getChildren('String')
    .map((string) => stringOf(string, source))
  const inner = node.getChild('MetricExpr')
  if (!inner) throw invalid('expected a metric query', spanOf(node))
  const span = spanOf(node)
  compileRegexp(`^(?:${pattern})$`, span)
  return { kind: 'label_replace', of: parseMetric(inner, source), target, replacement, source: from, pattern, span }
}

function parseGrouping(node: SyntaxNode | null, source: Source): Grouping | undefined {
  if (!node) return undefined
  const labels = descendants(node, 'Identifier').map((identifier) => textOf(identifier, source))
  return { without: node.getChild('Without') !== null, labels }
}

function numberOf(node: SyntaxNode | null, source: Source): number | undefined {
  if (!node) return undefined
  const text = textOf(node, source)
  const value = Number(text)
  if (Number.isNaN(value)) throw invalid(`unexpected ${text}`, spanOf(node))
  return value
}
