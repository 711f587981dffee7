import { oneLine, Renderer } from 'throughline/internal'
import { cells, cut, fitted } from '../terminal/cells.js'
import { formatCount, formatMs } from '../terminal/numbers.js'
import type { Paint } from '../terminal/paint.js'
import type { Hop } from './hop.js'
import type { TracedLine } from './trace-search.js'
import { flatten, type TreeNode } from './tree.js'

/** Everything that is shown of a request. */
export interface Story {
  /** The id that was asked for. */
  readonly id: string
  readonly traces: readonly string[]
  readonly lines: readonly TracedLine[]
  readonly tree: readonly TreeNode[]
}

export interface Screen {
  readonly columns: number
  readonly colors: boolean
  readonly paint: Paint
  /** Shows times in this machine's time zone. */
  readonly local?: boolean | undefined
}

/** The time from the first hop's start to the last one's end. */
export function spanOf(tree: readonly TreeNode[]): { readonly start: number; readonly end: number } {
  const hops = flatten(tree).map(({ hop }) => hop)
  return {
    start: hops.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY),
    end: hops.reduce((most, { end }) => Math.max(most, end), Number.NEGATIVE_INFINITY),
  }
}

/** `3 services, 4 hops, 12 lines, 238 ms, 1 failed`. */
export function summaryOf({ tree, lines }: Story): string {
  const hops = flatten(tree).map(({ hop }) => hop)
  const { start, end } = spanOf(tree)
  const failed = hops.filter((hop) => hop.failed).length
  const services = new Set(hops.map(({ service }) => service)).size
  const many = (count: number, word: string) => `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`
  const parts = [many(services, 'service'), many(hops.length, 'hop'), many(lines.length, 'line'), formatMs(end - start)]
  return [...parts, ...(failed === 0 ? [] : [`${failed} failed`])].join(', ')
}

/** The story in a terminal: the tree with its waterfall, then the lines in the order of time. */
export function waterfall(story: Story, screen: Screen): string {
  const { paint } = screen
  const head = `${paint.title(cut(oneLine(story.id), screen.columns))}\n${summaryOf(story)}\n`
  const traces = story.traces.map((trace) => paint.faint(`trace ${oneLine(trace)}\n`)).join('')
  return `${head}${traces}\n${chart(story.tree, screen)}\n${lineList(story, screen)}`
}

const DURATION_CELLS = 9
const STATUS_CELLS = 3

function chart(tree: readonly TreeNode[], { columns, paint }: Screen): string {
  const nodes = flatten(tree)
  const { start, end } = spanOf(tree)
  const labels = nodes.map(({ hop, depth }) => `${'  '.repeat(depth)}${mark(hop)} ${label(hop)}`)
  const rest = columns - STATUS_CELLS - DURATION_CELLS - 3
  const labelCells = Math.min(Math.max(...labels.map(cells)), Math.floor(rest * 0.55))
  const barCells = rest - labelCells - 1
  return nodes
    .map(({ hop }, i) => {
      const text = fitted(labels[i] ?? '', labelCells)
      const status = fitted(hop.status === undefined ? '' : String(hop.status), STATUS_CELLS)
      const duration = fitted(durationOf(hop), DURATION_CELLS, 'right')
      const color = hop.failed ? paint.bad : hop.kind === 'call' ? paint.faint : paint.bar
      const line = `${hop.failed ? paint.bad(text) : text.replace(mark(hop), markPaint(hop, paint))} ${hop.failed ? paint.bad(status) : status} `
      const failure =
        hop.failure === undefined ? '' : `\n${paint.bad(cut(`${indent(labels[i])}${oneLineOf(hop)}`, columns))}`
      return `${line}${color(span(hop, start, end, barCells))} ${duration}${failure}\n`
    })
    .join('')
}

function indent(label = ''): string {
  return ' '.repeat(label.length - label.trimStart().length + 2)
}

function oneLineOf({ failure = '' }: Hop): string {
  return fitted(failure, cells(failure)).trimEnd()
}

function mark({ failed, isUnderstood, isOpen, kind }: Hop): string {
  if (failed) return '✗'
  if (!isUnderstood) return '?'
  if (isOpen) return '…'
  return kind === 'call' ? '→' : '✓'
}

function markPaint({ isOpen, isUnderstood, kind }: Hop, paint: Paint): (mark: string) => string {
  if (isOpen || !isUnderstood) return paint.warning
  return kind === 'call' ? paint.faint : paint.good
}

function label({ service, name, kind }: Hop): string {
  return kind === 'call' ? name : `${service} ${name}`
}

/** The duration that a line says, else `~` and the time between the lines; `open` where the end is missing. */
export function durationOf({ durationMs, start, end, isOpen }: Hop): string {
  if (durationMs !== undefined) return formatMs(durationMs)
  return isOpen ? 'open' : `~${formatMs(end - start)}`
}

/** Where in the whole a hop was under way: at least one column. */
function span(hop: Hop, start: number, end: number, width: number): string {
  const scale = width / Math.max(1, end - start)
  const from = Math.min(width - 1, Math.floor((hop.start - start) * scale))
  const to = Math.max(from + 1, Math.min(width, Math.round((hop.end - start) * scale)))
  return `${' '.repeat(from)}${'━'.repeat(to - from)}${' '.repeat(width - to)}`
}

/** What the tree shows, or is the same on every line of a request. */
const SAID_ABOVE = ['request_id', 'trace_id', 'span_id', 'parent_span_id']

/** The lines in the order of time, each beside the rails of the hops that it is inside of. */
function lineList({ lines, tree }: Story, { columns, colors, paint, local = false }: Screen): string {
  const depths = new Map(flatten(tree).flatMap(({ hop, depth }) => hop.lines.map((line) => [line, depth] as const)))
  let width = columns
  const renderer = new Renderer({
    colors,
    local,
    service: true,
    hide: SAID_ABOVE,
    date: 'heading',
    columns: () => width,
  })
  for (const { record } of lines) renderer.expect(record.service)
  const text = lines.map((line) => {
    // A rail takes two columns; deeper lines share the last one.
    const rails = Math.min(depths.get(line) ?? 0, Math.floor(columns / 8))
    width = columns - 2 * rails
    return renderer.record(line.record).replace(/^(?=.)/gm, paint.faint('│ '.repeat(rails)))
  })
  return text.join('')
}
