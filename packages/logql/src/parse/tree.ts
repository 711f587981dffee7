import { parser } from '@grafana/lezer-logql'
import type { SyntaxNode, Tree } from '@lezer/common'
import { invalid, LogQLError, type Span } from '../error.js'
import { parseQueryDuration } from '../units.js'

/** A parsed query: the tree of Grafana's grammar, and what that grammar does not know. */
export type Source = {
  readonly text: string
  readonly root: SyntaxNode
  /** Offsets behind a range that the grammar refuses (`unwrap x [5m] offset 1h`), by the end of the range's node. */
  readonly offsets: ReadonlyMap<number, { readonly offset: bigint; readonly span: Span }>
}

/**
 * Parses a query. Grafana's grammar (0.4.2) refuses two forms that Loki accepts: an `offset` after `unwrap`, and label filters that
 * only a space separates. They are rewritten in place, to text of the same length, so that each position
 * of the tree is one of the query.
 */
export function parseTree(text: string): Source {
  const offsets = new Map<number, { offset: bigint; span: Span }>()
  let rewritten = text
  // Each round rewrites one form, so the text has to become one that parses.
  for (let round = 0; ; round++) {
    const tree = parser.parse(rewritten)
    const error = firstError(tree)
    if (error === undefined) return { text, root: tree.topNode, offsets }
    const next = round > 1000 ? undefined : (rewriteOffset(rewritten, error, offsets) ?? rewriteSpace(rewritten, error))
    if (next === undefined) throw syntaxError(text, error)
    rewritten = next
  }
}

function firstError(tree: Tree): number | undefined {
  let found: number | undefined
  tree.iterate({
    enter(node) {
      if (node.type.isError) found ??= node.from
    },
  })
  return found
}

function rewriteOffset(
  text: string,
  error: number,
  offsets: Map<number, { offset: bigint; span: Span }>,
): string | undefined {
  const before = text.slice(0, error).trimEnd()
  const match = /^offset\s+(-?[\d.a-zµ]+)/.exec(text.slice(error))
  if (!match || !before.endsWith(']')) return undefined
  const span = { from: error, to: error + match[0].length }
  const written = match[1] ?? ''
  const negative = written.startsWith('-')
  const offset = parseQueryDuration(negative ? written.slice(1) : written)
  if (offset === undefined) throw invalid(`not a valid duration: ${written}`, span)
  offsets.set(before.length, { offset: negative ? -offset : offset, span })
  return blank(text, span)
}

/** Label filters side by side: the space becomes a comma, which means `and` there; undefined where that is no label filter. */
function rewriteSpace(text: string, error: number): string | undefined {
  const last = text.slice(0, error).trimEnd().length
  const next = last + (/^\s*/.exec(text.slice(last))?.[0].length ?? 0)
  if (next === last || !/^[A-Za-z_(]/.test(text.slice(next))) return undefined
  const rewritten = `${text.slice(0, last)},${text.slice(last + 1)}`
  const tree = parser.parse(rewritten)
  if ((firstError(tree) ?? Number.POSITIVE_INFINITY) <= next) return undefined
  const comma = tree.resolve(last, 1)
  const parent = comma.name === 'LabelFilter' ? comma : comma.parent
  return parent?.name === 'LabelFilter' ? rewritten : undefined
}

function blank(text: string, { from, to }: Span): string {
  return text.slice(0, from) + ' '.repeat(to - from) + text.slice(to)
}

function syntaxError(text: string, at: number): LogQLError {
  // Loki knows them, and refuses them unless they are enabled.
  if (/^\s*variants\s*\(/.test(text))
    return invalid('multi variant queries are disabled', { from: text.indexOf('variants'), to: text.length })
  const word = /^(?:\w+|\S)/.exec(text.slice(at).trimStart())?.[0]
  const from = Math.min(text.length, at + (text.length - at - text.slice(at).trimStart().length))
  const message = `parse error at position ${from + 1}: unexpected ${word === undefined ? 'end of the query' : word}`
  return new LogQLError('syntax', message, { from, to: from + (word?.length ?? 0) })
}

/** Returns the part of the query that a node stands for. */
export function spanOf({ from, to }: SyntaxNode): Span {
  return { from, to }
}

/** Returns every child of a node. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child)
  return children
}

/** Returns every node of a name beneath a node, in order, without looking inside those that it found. */
export function descendants(node: SyntaxNode | null, name: string): readonly SyntaxNode[] {
  if (!node) return []
  return childrenOf(node).flatMap((child) => (child.name === name ? [child] : descendants(child, name)))
}
