import { bar, sparkline } from '../terminal/bar.js'
import { cut } from '../terminal/cells.js'
import { formatBytes, formatCount, formatMs, formatShare, formatSpan } from '../terminal/numbers.js'
import type { Paint } from '../terminal/paint.js'
import { type Cell, table } from '../terminal/table.js'
import type { Figures, RouteFigures, UnitFigures, VolumeFigures } from './figures.js'
import type { Timeline } from './timeline.js'

export interface Screen {
  readonly columns: number
  readonly paint: Paint
  /** Rows of a table at most. */
  readonly top: number
}

/** The figures as people read them. */
export function report(figures: Figures, requests: Timeline, screen: Screen): string {
  const { routes } = figures
  const ofKind = (kind: RouteFigures['kind']) => routes.filter((route) => route.kind === kind)
  const sections = [
    overview(figures, screen),
    units('Requests', figures.requests, ofKind('request'), requests, screen),
    units('Operations', figures.operations, ofKind('operation'), undefined, screen),
    slowest(figures, screen),
    errors(figures, screen),
    volume('Volume by service', figures.by_service, screen),
    volume('Volume by level', figures.by_level, screen),
  ]
  return sections.filter((section) => section !== '').join('\n')
}

function overview(figures: Figures, { columns, paint }: Screen): string {
  const { files, lines, bytes, from, to, not_json, damaged } = figures
  const many = files.length === 1 ? String(files[0]) : `${formatCount(files.length)} files`
  const rows = [paint.title(cut(`${many}: ${formatCount(lines)} lines, ${formatBytes(bytes)}`, columns))]
  if (from !== null && to !== null) {
    rows.push(`${from.replace('T', ' ')} to ${to.replace('T', ' ')}, ${formatSpan(Date.parse(to) - Date.parse(from))}`)
  }
  if (not_json > 0) rows.push(paint.warning(`${formatCount(not_json)} lines are not JSON`))
  for (const damage of damaged) rows.push(paint.bad(`damaged: ${damage}`))
  return [...rows, ...sampling(figures, paint), ''].join('\n')
}

function sampling({ sampling, requests, operations }: Figures, paint: Paint): readonly string[] {
  if (!sampling.is_sampled) return []
  const all = requests.count + operations.count
  const summaries = `${formatShare(sampling.from_summaries, all)} of the counts are exact, from summary lines`
  const estimated =
    sampling.estimated === 0 ? '' : `; ${formatShare(sampling.estimated, all)} are estimated by sample_rate`
  return [paint.warning(`sampled: ${summaries}${estimated}`)]
}

function units(
  title: string,
  { count, failed }: UnitFigures,
  routes: readonly RouteFigures[],
  timeline: Timeline | undefined,
  screen: Screen,
): string {
  const { columns, paint, top } = screen
  if (count === 0) return ''
  const share = formatShare(failed, count)
  const head = `${paint.title(title)} ${formatCount(count)}, ${failed > 0 ? paint.bad(`${share} failed`) : 'none failed'}\n`
  const plot = timeline === undefined ? '' : `${paint.bar(sparkline(timeline.columns(Math.min(columns, 60))))}\n`
  const isRequest = routes[0]?.kind === 'request'
  const titles = [
    ...(isRequest ? [{ title: 'method' }] : []),
    { title: isRequest ? 'route' : 'operation', shrinks: true },
    ...['count', 'failed', 'p50', 'p95', 'p99', 'max'].map((each) => ({ title: each, align: 'right' as const })),
  ]
  const rows = routes
    .slice(0, top)
    .map((route): Cell[] => [
      ...(isRequest ? [route.method] : []),
      route.route,
      formatCount(route.count),
      { text: formatShare(route.failed, route.count), paint: route.failed > 0 ? paint.bad : paint.faint },
      ...[route.p50_ms, route.p95_ms, route.p99_ms, route.max_ms].map(formatMs),
    ])
  return `${head}${plot}${table(titles, rows, columns, paint)}${more(routes.length - top, paint)}`
}

function more(count: number, paint: Paint): string {
  return count > 0 ? paint.faint(`and ${formatCount(count)} more\n`) : ''
}

function slowest({ slowest }: Figures, { columns, paint }: Screen): string {
  if (slowest.length === 0) return ''
  const titles = [
    { title: 'took', align: 'right' as const },
    { title: 'what', shrinks: true },
    { title: 'service', shrinks: true },
    { title: 'request id' },
  ]
  const rows = slowest.map(({ duration_ms, name, service, request_id }) => [
    formatMs(Number(duration_ms)),
    String(name),
    String(service),
    String(request_id),
  ])
  return `${paint.title('Slowest')}\n${table(titles, rows, columns, paint)}`
}

function errors({ errors }: Figures, { columns, paint, top }: Screen): string {
  if (errors.length === 0) return ''
  const titles = [
    { title: 'count', align: 'right' as const },
    { title: 'type' },
    { title: 'the first of them', shrinks: true },
  ]
  const rows = errors.slice(0, top).map(({ type, count, example }) => [formatCount(count), cut(type, 40), example])
  return `${paint.title('Errors')}\n${table(titles, rows, columns, paint)}${more(errors.length - top, paint)}`
}

const BAR_CELLS = 20

function volume(title: string, entries: readonly VolumeFigures[], { columns, paint, top }: Screen): string {
  if (entries.length === 0) return ''
  const all = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  const most = Math.max(...entries.map(({ bytes }) => bytes))
  const titles = [
    { title: title.endsWith('level') ? 'level' : 'service', shrinks: true },
    ...['lines', 'bytes', 'share'].map((each) => ({ title: each, align: 'right' as const })),
    { title: '' },
  ]
  const rows = entries
    .slice(0, top)
    .map(({ name, lines, bytes }): Cell[] => [
      name,
      formatCount(lines),
      formatBytes(bytes),
      formatShare(bytes, all),
      { text: bar(bytes / most, BAR_CELLS), paint: paint.bar },
    ])
  return `${paint.title(title)}\n${table(titles, rows, columns, paint)}${more(entries.length - top, paint)}`
}
