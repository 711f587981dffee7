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

const PREFIX = 'OTEL_EXPORTER_OTLP_'

/** @throws TypeError naming the variable that cannot be used. */
export function otlpEnvironment(env: Environment, check: Checker): OtlpEnvironment {
  const timeout = setting(env, 'TIMEOUT')
  return {
    url: urlIn(env, check),
    // Those for logs alone win one by one.
    headers: { ...pairs(env[`${PREFIX}HEADERS`]), ...pairs(env[`${PREFIX}LOGS_HEADERS`]) },
    timeoutMs: timeout === undefined ? undefined : check.number(`${PREFIX}TIMEOUT`, Number(timeout), 0, 1),
    protocol: setting(env, 'PROTOCOL'),
    compression: setting(env, 'COMPRESSION'),
    resource: resourceIn(env),
  }
}

/** The one for logs alone is the whole address; the one for all signals gets the path of logs. */
function urlIn(env: Environment, check: Checker): URL | undefined {
  const own = env[`${PREFIX}LOGS_ENDPOINT`]
  if (own !== undefined && own !== '') return check.url(`${PREFIX}LOGS_ENDPOINT`, own)
  const shared = env[`${PREFIX}ENDPOINT`]
  if (shared === undefined || shared === '') return undefined
  const url = check.url(`${PREFIX}ENDPOINT`, shared)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/logs`
  return url
}

/** `OTEL_SERVICE_NAME` wins over a `service.name` here, and is the line's own already. */
function resourceIn(env: Environment): Record<string, string> {
  const { 'service.name': name, ...resource } = pairs(env.OTEL_RESOURCE_ATTRIBUTES)
  const isNamed = (env.SERVICE_NAME ?? '') !== '' || (env.OTEL_SERVICE_NAME ?? '') !== ''
  return name === undefined || isNamed ? resource : { 'service.name': name, ...resource }
}

function setting(env: Environment, name: string): string | undefined {
  return env[`${PREFIX}LOGS_${name}`] || env[`${PREFIX}${name}`] || undefined
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
