import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Series } from './api.js'
import { useColors } from './colors.js'
import { axisTimes, moment } from './format.js'
import { LEVELS } from './rows.js'
import type { TimeRange } from './time-range.js'

/** Lines by level and time. */
export interface Counts {
  /** Seconds. */
  readonly step: number
  readonly series: readonly Series[]
  /** The label that levels stand in. */
  readonly label: string
}

interface Properties {
  readonly counts: Counts
  readonly range: TimeRange
  readonly zone: string
  onZoom(range: TimeRange): void
}

const HEIGHT = 110
const OTHER = 'none'

/** Bars of lines by level over time. Dragging over them looks closer. */
export function Histogram({ counts, range, zone, onZoom }: Properties) {
  const place = useRef<HTMLDivElement>(null)
  const colors = useColors()
  useEffect(() => {
    if (place.current === null) return
    return draw(place.current, stacked(counts, range), { counts, range, zone, onZoom }, colors)
  }, [counts, range.from, range.to, zone, colors])
  return (
    <figure class="histogram" aria-label={describe(counts, zone)}>
      <div ref={place} />
      <Legend counts={counts} />
    </figure>
  )
}

function Legend({ counts }: { readonly counts: Counts }) {
  const totals = totalsOf(counts)
  return (
    <figcaption class="legend">
      {levelsIn(counts).map((level) => (
        <span key={level} class={`swatch level-${level}`}>
          {level === OTHER ? 'no level' : level} <b>{(totals.get(level) ?? 0).toLocaleString('en-US')}</b>
        </span>
      ))}
    </figcaption>
  )
}

function levelIn({ metric }: Series, label: string): string {
  const level = (metric[label] ?? '').toUpperCase()
  return (LEVELS as readonly string[]).includes(level) ? level : OTHER
}

function levelsIn({ series, label }: Counts): readonly string[] {
  const found = new Set(series.map((each) => levelIn(each, label)))
  return [OTHER, ...LEVELS].filter((level) => found.has(level))
}

function totalsOf({ series, label }: Counts): ReadonlyMap<string, number> {
  const totals = new Map<string, number>()
  for (const each of series) {
    const level = levelIn(each, label)
    totals.set(
      level,
      each.values.reduce((sum, [, value]) => sum + Number(value), totals.get(level) ?? 0),
    )
  }
  return totals
}

function describe(counts: Counts, zone: string): string {
  const totals = [...totalsOf(counts)].map(([level, total]) => `${total} ${level}`).join(', ')
  const peak = new Map<number, number>()
  for (const { values } of counts.series)
    for (const [time, value] of values) peak.set(time, (peak.get(time) ?? 0) + Number(value))
  const [most] = [...peak].sort(([, a], [, b]) => b - a)
  return `Lines over time: ${totals}${most === undefined ? '' : `; most at ${moment(most[0] * 1000, zone)}`}`
}

interface Stack {
  readonly times: number[]
  readonly levels: readonly string[]
  /** Summed up from the lowest level, as bars that stand behind each other. */
  readonly sums: readonly number[][]
}

function stacked(counts: Counts, { from, to }: TimeRange): Stack {
  const { step, series, label } = counts
  const first = Math.ceil(from / 1000 / step) * step
  const last = Math.max(first, Math.ceil(to / 1000 / step) * step)
  const times = Array.from({ length: Math.round((last - first) / step) + 1 }, (_, i) => first + i * step)
  const levels = levelsIn(counts)
  const below = new Array<number>(times.length).fill(0)
  const sums = levels.map((level) => {
    for (const each of series) {
      if (levelIn(each, label) !== level) continue
      for (const [time, value] of each.values) {
        const i = Math.round((time - first) / step)
        if (i in below) below[i] = (below[i] ?? 0) + Number(value)
      }
    }
    return [...below]
  })
  // A point counts what lies in the step before it: its bar stands over that.
  return { times: times.map((time) => time - step / 2), levels, sums }
}

function draw(
  element: HTMLElement,
  { times, levels, sums }: Stack,
  { counts, range, zone, onZoom }: Properties,
  colors: ReadonlyMap<string, string>,
): () => void {
  const color = (name: string) => colors.get(name) ?? '#888'
  const paths = uPlot.paths.bars?.({ size: [0.86, 40] })
  const plot = new uPlot(
    {
      width: Math.max(200, element.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
      scales: { x: { range: [range.from / 1000, Math.max(range.to / 1000, range.from / 1000 + counts.step)] } },
      axes: [
        {
          stroke: color('faint'),
          grid: { show: false },
          values: (_, ticks, __, ___, apart) => axisTimes(ticks, apart, zone),
          ticks: { stroke: color('line') },
          font: '11px system-ui',
        },
        {
          stroke: color('faint'),
          grid: { stroke: color('line'), width: 1 },
          ticks: { show: false },
          size: 46,
          font: '11px system-ui',
          values: (_, ticks) => ticks.map(short),
        },
      ],
      series: [
        {},
        ...levels.toReversed().map((level) => ({
          label: level,
          fill: color(level),
          stroke: color(level),
          width: 0,
          points: { show: false },
          ...(paths === undefined ? {} : { paths }),
        })),
      ],
      hooks: {
        setSelect: [
          (self) => {
            const { left, width } = self.select
            if (width < 4) return
            onZoom({ from: self.posToVal(left, 'x') * 1000, to: self.posToVal(left + width, 'x') * 1000 })
          },
        ],
      },
    },
    [times, ...sums.toReversed()],
    element,
  )
  const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }))
  observer.observe(element)
  return () => {
    observer.disconnect()
    plot.destroy()
  }
}

function short(value: number): string {
  return value >= 1e6 ? `${value / 1e6}M` : value >= 1000 ? `${value / 1000}k` : `${value}`
}
