import { instance } from '@viz-js/viz'
import type { Imports } from './imports.ts'

const viz = await instance()

/** Arrows point from a name to those that it imports. Two names that import each other share one arrow with two heads. */
export function diagram(title: string, imports: Imports): string {
  const edges = [...imports].flatMap(([from, tos]) => [...tos].map((to) => [from, to] as const))
  const isMutual = (from: string, to: string) => imports.get(to)?.has(from) === true
  const svg = viz.renderString(
    {
      graphAttributes: { bgcolor: 'white', ranksep: 0.45, nodesep: 0.3, pad: 0.2 },
      nodeAttributes: {
        shape: 'box',
        style: 'rounded',
        fontname: 'sans-serif',
        fontsize: 13,
        margin: '0.2,0.05',
        color: '#3451b2',
      },
      edgeAttributes: { color: '#67676c', arrowsize: 0.7 },
      nodes: [...imports.keys()].map((name) => ({ name })),
      edges: edges
        .filter(([from, to]) => !isMutual(from, to) || from < to)
        .map(([tail, head]) => ({ tail, head, attributes: isMutual(tail, head) ? { dir: 'both' } : {} })),
    },
    { format: 'svg' },
  )
  return svg.slice(svg.indexOf('<svg')).replace('>', `>\n<title>${title}</title>`)
}
