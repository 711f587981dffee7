import type { Hop } from './hop.js'

/** A hop and what happened inside it. */
export interface TreeNode {
  readonly hop: Hop
  readonly children: readonly TreeNode[]
  readonly depth: number
}

/**
 * Hops as a tree: under the hop whose span they name as their parent; where no line of that span was found (calls are
 * logged at DEBUG, other services may log no spans), under the narrowest hop of another service that was under way all the
 * time; else at the top. Brothers stand in the order of time.
 */
export function treeOf(hops: readonly Hop[]): readonly TreeNode[] {
  const inOrder = [...hops].sort((a, b) => a.start - b.start || b.end - a.end)
  const spans = new Map<string, Hop>()
  for (const hop of inOrder) if (hop.spanId !== undefined && !spans.has(hop.spanId)) spans.set(hop.spanId, hop)
  const parents = new Map<Hop, Hop>()
  for (const hop of inOrder) {
    const parent = spans.get(hop.parentSpanId ?? '') ?? around(hop, inOrder)
    if (parent !== undefined && !isWithin(parent, hop, parents)) parents.set(hop, parent)
  }
  const children = new Map<Hop | undefined, Hop[]>()
  for (const hop of inOrder) {
    const siblings = children.get(parents.get(hop))
    if (siblings === undefined) children.set(parents.get(hop), [hop])
    else siblings.push(hop)
  }
  const node = (hop: Hop, depth: number): TreeNode => ({
    hop,
    depth,
    children: (children.get(hop) ?? []).map((child) => node(child, depth + 1)),
  })
  return (children.get(undefined) ?? []).map((hop) => node(hop, 0))
}

/** All nodes, each before what is inside it. */
export function flatten(nodes: readonly TreeNode[]): readonly TreeNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)])
}

function around(hop: Hop, hops: readonly Hop[]): Hop | undefined {
  // Roots are what began it all; of the others, a parent is missing.
  if (hop.spanId !== undefined && hop.parentSpanId === undefined) return undefined
  const candidates = hops.filter(
    (other) => other !== hop && other.service !== hop.service && other.start <= hop.start && other.end >= hop.end,
  )
  return candidates.sort((a, b) => a.end - a.start - (b.end - b.start))[0]
}

/** Whether a hop is inside another, so that making it the parent would close a circle. */
function isWithin(hop: Hop, other: Hop, parents: ReadonlyMap<Hop, Hop>): boolean {
  for (let at: Hop | undefined = hop; at !== undefined; at = parents.get(at)) if (at === other) return true
  return false
}
