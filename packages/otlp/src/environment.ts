import type { Checker } from '@throughline/transport'
import type { Environment } from 'throughline'

/** What OpenTelemetry's variables say (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). */
export interface OtlpEnvironment {
  readonly url: URL | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number | undefined
  readonly protocol: string | undefined
  readonly compression: string | undefined
  readonly resource: Readonly<Record<string, string>>
}

/** @throws TypeError naming the variable that cannot be used. */
export function otlpEnvironment(env: Environment, check: Checker): OtlpEnvironment {
  const timeout = env.OTEL_EXPORTER_OTLP_LOGS_TIMEOUT || env.OTEL_EXPORTER_OTLP_TIMEOUT || undefined
  return {
    url: urlIn(env, check),
    // Those for logs alone win one by one.
    headers: { ...pairs(env.OTEL_EXPORTER_OTLP_HEADERS), ...pairs(env.OTEL_EXPORTER_OTLP_LOGS_HEADERS) },
    timeoutMs: timeout === undefined ? undefined : check.number('OTEL_EXPORTER_OTLP_TIMEOUT', Number(timeout), 0, 1),
    protocol: env.OTEL_EXPORTER_OTLP_LOGS_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || undefined,
    compression: env.OTEL_EXPORTER_OTLP_LOGS_COMPRESSION || env.OTEL_EXPORTER_OTLP_COMPRESSION || undefined,
    resource: resourceIn(env),
  }
}

/** The one for logs alone is the whole address; the one for all signals gets the path of logs. */
function urlIn(env: Environment, check: Checker): URL | undefined {
  const own = env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT
  if (own !== undefined && own !== '') return check.url('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', own)
  const shared = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (shared === undefined || shared === '') return undefined
  const url = check.url('OTEL_EXPORTER_OTLP_ENDPOINT', shared)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/logs`
  return url
}

/** `OTEL_SERVICE_NAME` wins over a `service.name` here, and is the line's own already. */
function resourceIn(env: Environment): Record<string, string> {
  const { 'service.name': name, ...resource } = pairs(env.OTEL_RESOURCE_ATTRIBUTES)
  const isNamed = (env.SERVICE_NAME ?? '') !== '' || (env.OTEL_SERVICE_NAME ?? '') !== ''
  return name === undefined || isNamed ? resource : { 'service.name': name, ...resource }
}

/** `key=value,key=value`, the values percent-encoded as W3C baggage has them. What is no pair is left out. */
function pairs(text: string | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of (text ?? '').split(',')) {
    const equals = pair.indexOf('=')
    if (equals > 0) found[pair.slice(0, equals).trim()] = decoded(pair.slice(equals + 1).trim())
  }
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray per cent sign stands for itself.
    return text
  }
}
