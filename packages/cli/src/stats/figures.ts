import type { Damage } from '../input/intake.js'
import type { OutsideShare } from './hops.js'
import type { ErrorType, SlowRequest, Tally } from './tally.js'
import type { RouteNumbers } from './unit-tally.js'

/**
 * What `stats` found, as `--json` prints it. Durations are milliseconds, quantiles within 1 %. The reference describes each field
 * (docs/reference/cli.md).
 */
export interface Figures {
  readonly files: readonly string[]
  readonly lines: number
  readonly bytes: number
  readonly not_json: number
  readonly not_understood: number
  readonly from: string | null
  readonly to: string | null
  readonly requests: RequestFigures
  readonly operations: UnitFigures
  readonly routes: readonly RouteFigures[]
  readonly slowest: readonly { readonly [name: string]: string | number }[]
  readonly errors: readonly ErrorType[]
  readonly by_service: readonly VolumeFigures[]
  readonly by_level: readonly VolumeFigures[]
  readonly sampling: SamplingFigures
  readonly damaged: readonly string[]
}

export interface UnitFigures {
  readonly count: number
  readonly failed: number
  readonly error_share: number
}

/** Requests as the services got them, and how many of them no other request caused. */
export interface RequestFigures extends UnitFigures {
  readonly from_outside: number
  /** Of those from outside. */
  readonly from_outside_failed: number
}

export interface RouteFigures extends UnitFigures {
  readonly kind: 'request' | 'operation'
  readonly service: string
  readonly method: string
  readonly route: string
  /** Of requests: how many no other request in the files caused. */
  readonly from_outside?: number
  /** The quantiles are added up from summary lines without a sketch. */
  readonly is_estimate: boolean
  readonly p50_ms: number
  readonly p95_ms: number
  readonly p99_ms: number
  readonly max_ms: number
  readonly mean_ms: number
}

export interface VolumeFigures {
  readonly name: string
  readonly lines: number
  readonly bytes: number
}

/** Where the counts of requests and operations come from. */
export interface SamplingFigures {
  readonly is_sampled: boolean
  /** Told by summary lines: exact. */
  readonly from_summaries: number
  /** Seen each on its own line: exact. */
  readonly from_lines: number
  /** Stood for by others, by their sample_rate: estimated. */
  readonly estimated: number
}

export function figuresOf(tally: Tally, files: readonly string[], damages: readonly Damage[]): Figures {
  const routes = tally.units.routes()
  const outside = tally.units.hops.outside()
  const { summarized, seen, estimated } = tally.units.provenance
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString())
  return {
    files,
    lines: tally.lines,
    bytes: tally.bytes,
    not_json: tally.unreadable,
    not_understood: tally.notUnderstood,
    from: iso(tally.from),
    to: iso(tally.to),
    requests: requestFigures(
      routes.filter(({ kind }) => kind === 'request'),
      outside,
    ),
    operations: sum(routes.filter(({ kind }) => kind === 'operation')),
    routes: routes.map((route) => routeFigures(route, outside)),
    slowest: tally.slowest.items.map(slowFigures),
    errors: tally.errors(),
    by_service: tally.byService.entries(),
    by_level: tally.byLevel.entries(),
    sampling: {
      is_sampled: summarized > 0 || estimated > 0,
      from_summaries: summarized,
      from_lines: seen,
      estimated: Math.round(estimated),
    },
    damaged: damages.map(({ source, reason }) => `${source.name}: ${reason}`),
  }
}

function sum(routes: readonly RouteNumbers[]): UnitFigures {
  const count = routes.reduce((all, { durations }) => all + durations.count, 0)
  const failed = routes.reduce((all, route) => all + route.failed, 0)
  return unitFigures(count, failed)
}

function requestFigures(routes: readonly RouteNumbers[], outside: OutsideShare): RequestFigures {
  const of = (number: (route: RouteNumbers) => number) =>
    Math.round(routes.reduce((all, route) => all + number(route) * outside(route), 0))
  return {
    ...sum(routes),
    from_outside: of(({ durations }) => durations.count),
    from_outside_failed: of(({ failed }) => failed),
  }
}

function unitFigures(count: number, failed: number): UnitFigures {
  return {
    count: Math.round(count),
    failed: Math.round(failed),
    error_share: count === 0 ? 0 : rounded(failed / count, 6),
  }
}

function routeFigures(numbers: RouteNumbers, outside: OutsideShare): RouteFigures {
  const { kind, service, method, route, durations, failed } = numbers
  return {
    kind,
    service,
    method,
    route,
    ...unitFigures(durations.count, failed),
    ...(kind === 'request' ? { from_outside: Math.round(durations.count * outside(numbers)) } : {}),
    is_estimate: durations.isEstimate,
    p50_ms: rounded(durations.quantile(0.5), 3),
    p95_ms: rounded(durations.quantile(0.95), 3),
    p99_ms: rounded(durations.quantile(0.99), 3),
    max_ms: rounded(durations.max, 3),
    mean_ms: durations.count === 0 ? 0 : rounded(durations.sum / durations.count, 3),
  }
}

function slowFigures({ durationMs, name, service, requestId, timestamp }: SlowRequest) {
  return { duration_ms: durationMs, name, service, request_id: requestId, timestamp }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
