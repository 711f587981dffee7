import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Labels, Series } from './api.js'
import { useColors } from './colors.js'
import { axisTimes } from './format.js'
import type { TimeRange } from './time-range.js'

interface Properties {
  readonly series: readonly Series[]
  readonly range: TimeRange
  readonly zone: string
  onZoom(range: TimeRange): void
}

/** More lines than these are not told apart; the table has all. */
const MOST_DRAWN = 30

/** A metric query's series, as lines and as a table. */
export function SeriesChart({ series, range, zone, onZoom }: Properties) {
  const place = useRef<HTMLDivElement>(null)
  const colors = useColors()
  const ordered = [...series].sort((a, b) => maximum(b) - maximum(a))
  useEffect(() => {
    if (place.current === null) return
    return draw(place.current, ordered.slice(0, MOST_DRAWN), { series, range, zone, onZoom }, colors)
  }, [series, zone, colors])
  return (
    <section class="chart" aria-label="Result over time">
      <div ref={place} />
      <div class="scroll">
        <table class="series">
          <thead>
            <tr>
              <th>Series</th>
              <th class="number">Last</th>
              <th class="number">Max</th>
              <th class="number">Mean</th>
            </tr>
          </thead>
          <tbody>
            {ordered.slice(0, 100).map((each, i) => (
              <tr key={nameOf(each.metric)}>
                <td>
                  <span class={`dot ${i < MOST_DRAWN ? `series-${i % 8}` : ''}`} /> {nameOf(each.metric)}
                </td>
                <td class="number">{rounded(Number(each.values.at(-1)?.[1]))}</td>
                <td class="number">{rounded(maximum(each))}</td>
                <td class="number">{rounded(mean(each))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {series.length > 100 && <p class="faint">{series.length - 100} more series</p>}
    </section>
  )
}

function nameOf(metric: Labels): string {
  return `{${Object.entries(metric)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`
}

function maximum({ values }: Series): number {
  return values.reduce((most, [, value]) => Math.max(most, Number(value)), Number.NEGATIVE_INFINITY)
}

function mean({ values }: Series): number {
  return values.reduce((sum, [, value]) => sum + Number(value), 0) / Math.max(1, values.length)
}

function rounded(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 })
}

function draw(
  element: HTMLElement,
  series: readonly Series[],
  { zone, onZoom }: Properties,
  colors: ReadonlyMap<string, string>,
): () => void {
  const color = (name: string) => colors.get(name) ?? '#888'
  const times = [...new Set(series.flatMap(({ values }) => values.map(([time]) => time)))].sort((a, b) => a - b)
  const rows = series.map(({ values }) => {
    const byTime = new Map(values.map(([time, value]) => [time, Number(value)]))
    return times.map((time) => byTime.get(time) ?? null)
  })
  const size = () => ({ width: Math.max(200, element.clientWidth), height: 260 })
  const axis = {
    stroke: color('faint'),
    grid: { stroke: color('line'), width: 1 },
    ticks: { stroke: color('line') },
    font: '11px system-ui',
  }
  const plot = new uPlot(
    {
      ...size(),
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false } },
      axes: [
        { ...axis, values: (_, ticks, __, ___, apart) => axisTimes(ticks, apart, zone) },
        { ...axis, size: 60 },
      ],
      series: [
        {},
        ...series.map(({ metric }, i) => ({
          label: nameOf(metric),
          stroke: color(`series-${i % 8}`),
          width: 1.5,
          points: { show: times.length < 60, size: 4 },
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
    [times, ...rows],
    element,
  )
  const observer = new ResizeObserver(() => plot.setSize(size()))
  observer.observe(element)
  return () => {
    observer.disconnect()
    plot.destroy()
  }
}
