import { bar, sparkline } from '../terminal/bar.js'
import { cut } from '../terminal/cells.js'
import { formatBytes, formatCount, formatMs, formatShare, formatSpan } from '../terminal/numbers.js'
import type { Paint } from '../terminal/paint.js'
import { type Cell, table } from '../terminal/table.js'
import type { Figures, RequestFigures, RouteFigures, UnitFigures, VolumeFigures } from './figures.js'
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
  const { files, lines, bytes, from, to, not_json, not_understood, damaged } = figures
  const many = files.length === 1 ? String(files[0]) : `${formatCount(files.length)} files`
  const rows = [paint.title(cut(`${many}: ${formatCount(lines)} lines, ${formatBytes(bytes)}`, columns))]
  if (from !== null && to !== null) {
    rows.push(`${from.replace('T', ' ')} to ${to.replace('T', ' ')}, ${formatSpan(Date.parse(to) - Date.parse(from))}`)
  }
  if (not_json > 0) rows.push(paint.warning(`${formatCount(not_json)} lines are not JSON`))
  if (not_understood > 0)
    rows.push(
      paint.warning(`${formatCount(not_understood)} lines are JSON without a known time and level: not understood`),
    )
  for (const damage of damaged) rows.push(paint.bad(`not read to the end: ${damage}`))
  return [...rows, ...sampling(figures, paint), ...estimates(figures, paint), ''].join('\n')
}

function sampling({ sampling, requests, operations }: Figures, paint: Paint): readonly string[] {
  if (!sampling.is_sampled) return []
  const all = requests.count + operations.count
  const summaries = `${formatShare(sampling.from_summaries, all)} of the counts are exact, from summary lines`
  const estimated =
    sampling.estimated === 0 ? '' : `; ${formatShare(sampling.estimated, all)} are estimated by sample_rate`
  return [paint.warning(`sampled: ${summaries}${estimated}`)]
}

function estimates({ routes }: Figures, paint: Paint): readonly string[] {
  const count = routes.filter(({ is_estimate }) => is_estimate).length
  if (count === 0) return []
  const which = count === routes.length ? 'quantiles' : `quantiles marked ≈ (${count} of ${routes.length} rows)`
  return [paint.warning(`${which} are an estimate: these summary lines are of a version that wrote no sketch`)]
}

/** Counts at the head of a table; of requests, those of customers before those of services. */
function total({ count, failed, ...figures }: UnitFigures | RequestFigures, paint: Paint): string {
  const failure = (part: number, whole: number) =>
    part > 0 ? paint.bad(`${formatShare(part, whole)} failed`) : 'none failed'
  if (!('from_outside' in figures) || figures.from_outside === count)
    return `${formatCount(count)}, ${failure(failed, count)}`
  const { from_outside, from_outside_failed } = figures
  const hops = `${formatCount(count - from_outside)} hops from service to service`
  return `${formatCount(from_outside)} from outside, ${failure(from_outside_failed, from_outside)}; ${hops}`
}

function units(
  title: string,
  figures: UnitFigures | RequestFigures,
  routes: readonly RouteFigures[],
  timeline: Timeline | undefined,
  screen: Screen,
): string {
  const { columns, paint, top } = screen
  if (figures.count === 0) return ''
  const head = `${paint.title(title)} ${total(figures, paint)}\n`
  const plot = timeline === undefined ? '' : `${paint.bar(sparkline(timeline.columns(Math.min(columns, 60))))}\n`
  const isRequest = routes[0]?.kind === 'request'
  const hasServices = new Set(routes.map(({ service }) => service)).size > 1
  const titles = [
    ...(hasServices ? [{ title: 'service', shrinks: true }] : []),
    ...(isRequest ? [{ title: 'method' }] : []),
    { title: isRequest ? 'route' : 'operation', shrinks: true },
    ...['count', 'failed', 'p50', 'p95', 'p99', 'max'].map((each) => ({ title: each, align: 'right' as const })),
  ]
  const rows = routes
    .slice(0, top)
    .map((route): Cell[] => [
      ...(hasServices ? [route.service] : []),
      ...(isRequest ? [route.method] : []),
      route.route,
      formatCount(route.count),
      { text: formatShare(route.failed, route.count), paint: route.failed > 0 ? paint.bad : paint.faint },
      ...[route.p50_ms, route.p95_ms, route.p99_ms].map((ms) => `${route.is_estimate ? '≈' : ''}${formatMs(ms)}`),
      formatMs(route.max_ms),
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
