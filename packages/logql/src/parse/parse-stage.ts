import type { SyntaxNode } from '@lezer/common'
import type { NumberOperator } from '../engine.js'
import { invalid, unsupported } from '../error.js'
import { createMatcher, type Matcher, type MatcherOperator } from '../matcher.js'
import type { Extraction, LabelFilter, LabelFormat, LineOperator, NamedMatcher, StagePlan } from '../query.js'
import { createIpMatcher } from '../stage/ip.js'
import { parseTemplate } from '../template/template.js'
import { parseBytes, parseQueryDuration, roundedBytes } from '../units.js'
import { childrenOf, descendants, type Source, spanOf } from './tree.js'
import { unquote } from './unquote.js'

/** Reads the stages of a pipeline. */
export function parseStages(pipeline: SyntaxNode | null, source: Source): readonly StagePlan[] {
  return descendants(pipeline, 'PipelineStage').flatMap((stage) => {
    const [first] = childrenOf(stage).filter(({ name }) => name !== 'Pipe')
    if (!first) return []
    return first.name === 'LineFilters'
      ? descendants(stage, 'LineFilter').map((filter) => parseLineFilter(filter, source))
      : [parseStage(first, source)]
  })
}

/** Reads the text of a node. */
export function textOf(node: SyntaxNode, { text }: Source): string {
  return text.slice(node.from, node.to)
}

/** Reads a string literal. */
export function stringOf(node: SyntaxNode, source: Source): string {
  return unquote(textOf(node, source), spanOf(node))
}

function parseLineFilter(node: SyntaxNode, source: Source): StagePlan {
  const operator = textOf(childrenOf(node)[0] as SyntaxNode, source) as LineOperator
  const alternatives: { ip: boolean; value: string }[] = []
  collectAlternatives(node, source, alternatives)
  if (alternatives.some(({ ip }) => ip) && operator !== '|=' && operator !== '!=')
    throw invalid('ip: invalid operation', spanOf(node))
  for (const { ip, value } of alternatives) if (ip) createIpMatcher(value, spanOf(node))
  return { kind: 'line', operator, of: alternatives, span: spanOf(node) }
}

/** `"a" or ip("b") or "c"`: the grammar nests what follows each `or`. */
function collectAlternatives(node: SyntaxNode, source: Source, into: { ip: boolean; value: string }[]): void {
  const children = childrenOf(node)
  const ip = children.some(({ name }) => name === 'FilterOp')
  for (const child of children) {
    if (child.name === 'String') into.push({ ip, value: stringOf(child, source) })
    else if (child.name === 'OrFilter') collectAlternatives(child, source, into)
  }
}

function parseStage(node: SyntaxNode, source: Source): StagePlan {
  const span = spanOf(node)
  switch (node.name) {
    case 'LabelParser':
      return parseParser(node, source)
    case 'JsonExpressionParser':
      return { kind: 'json', extract: parseExtractions(node, source), span }
    case 'LogfmtParser':
    case 'LogfmtExpressionParser': {
      const flags = descendants(node, 'ParserFlag').map((flag) => textOf(flag, source))
      const extract = node.name === 'LogfmtParser' ? undefined : parseExtractions(node, source)
      return {
        kind: 'logfmt',
        strict: flags.includes('--strict'),
        keepEmpty: flags.includes('--keep-empty'),
        extract,
        span,
      }
    }
    case 'LabelFilter':
      return { kind: 'filter', filter: parseLabelFilter(node, source), span }
    case 'LineFormatExpr':
      return {
        kind: 'line_format',
        template: parseTemplate(stringOf(only(node, 'String'), source), 'line', span),
        span,
      }
    case 'LabelFormatExpr':
      return { kind: 'label_format', formats: parseFormats(node, source), span }
    case 'DropLabelsExpr':
      return { kind: 'drop', labels: parseNamedMatchers(descendants(node, 'DropLabel'), source), span }
    case 'KeepLabelsExpr':
      return { kind: 'keep', labels: parseNamedMatchers(descendants(node, 'KeepLabel'), source), span }
    case 'DecolorizeExpr':
      return { kind: 'decolorize', span }
    default:
      throw unsupported(textOf(node, source).split(/\s/)[0] ?? node.name, span)
  }
}

function only(node: SyntaxNode, name: string): SyntaxNode {
  const [found] = descendants(node, name)
  if (!found) throw invalid(`expected ${name}`, spanOf(node))
  return found
}

function parseParser(node: SyntaxNode, source: Source): StagePlan {
  const span = spanOf(node)
  const [keyword] = childrenOf(node)
  switch (keyword?.name) {
    case 'Json':
      return { kind: 'json', extract: undefined, span }
    case 'Logfmt':
      return { kind: 'logfmt', strict: false, keepEmpty: false, extract: undefined, span }
    case 'Regexp':
      return { kind: 'regexp', pattern: stringOf(only(node, 'String'), source), span }
    case 'Pattern':
      return { kind: 'pattern', pattern: stringOf(only(node, 'String'), source), span }
    case 'Unpack':
      return { kind: 'unpack', span }
    default:
      throw unsupported(keyword?.name ?? 'parser', span)
  }
}

function parseExtractions(node: SyntaxNode, source: Source): readonly Extraction[] {
  return descendants(node, 'LabelExtractionExpression').map((extraction) => {
    const label = textOf(only(extraction, 'Identifier'), source)
    const [expression] = descendants(extraction, 'String')
    return { label, expression: expression ? stringOf(expression, source) : label, span: spanOf(extraction) }
  })
}

function parseFormats(node: SyntaxNode, source: Source): readonly LabelFormat[] {
  const seen = new Set<string>()
  return descendants(node, 'LabelFormatMatcher').map((format): LabelFormat => {
    const [target, , from] = childrenOf(format)
    if (!target || !from) throw invalid('expected label=label or label="template"', spanOf(format))
    const label = textOf(target, source)
    if (label === '__error__') throw invalid('__error__ cannot be formatted', spanOf(format))
    if (seen.has(label))
      throw invalid(`multiple label name '${label}' not allowed in a single format operation`, spanOf(format))
    seen.add(label)
    if (from.name !== 'String') return { kind: 'rename', label, from: textOf(from, source) }
    return { kind: 'template', label, template: parseTemplate(stringOf(from, source), 'label', spanOf(format)) }
  })
}

function parseNamedMatchers(nodes: readonly SyntaxNode[], source: Source): readonly NamedMatcher[] {
  return nodes.map((node) => {
    const [matcher] = descendants(node, 'Matcher')
    if (!matcher) return { name: textOf(only(node, 'Identifier'), source), matcher: undefined }
    const parsed = parseMatcher(matcher, source, 's')
    return { name: parsed.name, matcher: parsed }
  })
}

/** Reads `name="value"`. */
export function parseMatcher(node: SyntaxNode, source: Source, flags: 's' | ''): Matcher {
  const [name, operator, value] = childrenOf(node)
  if (!name || !operator || !value) throw invalid('expected label="value"', spanOf(node))
  const written = textOf(operator, source) as MatcherOperator
  return createMatcher(textOf(name, source), written, stringOf(value, source), { flags, span: spanOf(node) })
}

/** Reads the label filters behind `unwrap`, in the order of the text. */
export function parseUnwrapFilters(node: SyntaxNode, source: Source): readonly LabelFilter[] {
  return descendants(node, 'LabelFilter').map((filter) => parseLabelFilter(filter, source))
}

type Joint = { readonly kind: 'and' | 'or' }

/** Reads a label filter. `and`, a comma and a space bind more tightly than `or`, whatever the tree's shape. */
function parseLabelFilter(node: SyntaxNode, source: Source): LabelFilter {
  const parts: (LabelFilter | Joint)[] = []
  flattenFilter(node, source, parts)
  const alternatives: LabelFilter[] = []
  let current: LabelFilter | undefined
  for (const part of parts) {
    if ('left' in part || !isJoint(part)) {
      current = current ? { kind: 'and', left: current, right: part } : part
    } else if (part.kind === 'or' && current) {
      alternatives.push(current)
      current = undefined
    }
  }
  if (current) alternatives.push(current)
  return alternatives.reduce((left, right) => ({ kind: 'or', left, right }))
}

function isJoint(part: LabelFilter | Joint): part is Joint {
  return (part.kind === 'and' || part.kind === 'or') && !('left' in part)
}

function flattenFilter(node: SyntaxNode, source: Source, into: (LabelFilter | Joint)[]): void {
  const children = childrenOf(node)
  const filters = children.filter(({ name }) => name === 'LabelFilter')
  if (filters.length === 2) {
    flattenFilter(filters[0] as SyntaxNode, source, into)
    into.push({ kind: children.some(({ name }) => name === 'Or') ? 'or' : 'and' })
    flattenFilter(filters[1] as SyntaxNode, source, into)
  } else if (filters.length === 1) {
    into.push(parseLabelFilter(filters[0] as SyntaxNode, source))
  } else {
    into.push(parseComparison(children[0] ?? node, source))
  }
}

function parseComparison(node: SyntaxNode, source: Source): LabelFilter {
  if (node.name === 'Matcher') return { kind: 'matcher', matcher: parseMatcher(node, source, '') }
  const comparison = node.name === 'UnitFilter' ? childrenOf(node)[0] : node
  const [label, sign, literal] = comparison ? childrenOf(comparison) : []
  if (!comparison || !label || !sign || !literal) throw invalid('expected a label filter', spanOf(node))
  const name = textOf(label, source)
  const written = textOf(sign, source)
  const operator = (written === '=' ? '==' : written) as NumberOperator
  if (comparison.name === 'IpLabelFilter') {
    const pattern = stringOf(only(comparison, 'String'), source)
    createIpMatcher(pattern, spanOf(comparison))
    return { kind: 'ip', name, negated: operator === '!=', pattern }
  }
  const text = textOf(literal, source)
  // Go's scanner reads `0b`, `0o` and `0x` as the beginning of a number of another base, which LogQL has none of.
  if (/^[+-]?0[bBoOxX]/.test(text)) throw invalid(`unexpected ${text}`, spanOf(literal))
  if (comparison.name === 'NumberFilter')
    return { kind: 'number', name, operator, value: Number(text.replaceAll(/\s/g, '')) }
  const duration = comparison.name === 'DurationFilter' ? parseQueryDuration(text) : undefined
  if (duration !== undefined) return { kind: 'duration', name, operator, value: duration }
  const bytes = comparison.name === 'BytesFilter' ? parseBytes(text) : undefined
  if (bytes && 'value' in bytes) return { kind: 'bytes', name, operator, value: roundedBytes(bytes.value) }
  throw invalid(`unexpected ${text}`, spanOf(literal))
}
