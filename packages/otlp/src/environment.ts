import { checkHeaders, checkUrl } from '@throughline/transport'
import type { Environment } from 'throughline'
import { propertyOf, refused } from 'throughline/internal'
import { type OtlpProtocol, PROTOCOLS } from './export-request.js'

/** What OpenTelemetry's variables say (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). */
export interface OtlpEnvironment {
  readonly url: URL | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number | undefined
  readonly protocol: OtlpProtocol | undefined
  readonly compression: 'gzip' | 'none' | undefined
  readonly resource: Readonly<Record<string, string>>
}

/** @throws TypeError naming the variable that cannot be used. */
export function otlpEnvironment(env: Environment): OtlpEnvironment {
  return {
    url: urlIn(env),
    // Those for logs alone win one by one.
    headers: {
      ...headersIn(env, 'OTEL_EXPORTER_OTLP_HEADERS'),
      ...headersIn(env, 'OTEL_EXPORTER_OTLP_LOGS_HEADERS'),
    },
    timeoutMs: timeoutIn(env),
    protocol: choiceIn(env, 'PROTOCOL', PROTOCOLS),
    compression: choiceIn(env, 'COMPRESSION', ['gzip', 'none']),
    resource: resourceIn(env),
  }
}

/** A variable's value; empty when it is not set. */
function read(env: Environment, name: string): string {
  return String(propertyOf(env, name) ?? '')
}

/** The variable that counts: the one for logs alone, or the one for all signals. An empty one is as good as none. */
function setIn(env: Environment, what: string): readonly [name: string, value: string] | undefined {
  const names = ['LOGS_', ''].map((signal) => `OTEL_EXPORTER_OTLP_${signal}${what}`)
  const name = names.find((one) => read(env, one) !== '')
  return name === undefined ? undefined : [name, read(env, name)]
}

function headersIn(env: Environment, name: string): Readonly<Record<string, string>> {
  const headers = checkHeaders(name, pairs(read(env, name)), refused)
  // Names have no case: a list may spell one otherwise than the other does.
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]))
}

function timeoutIn(env: Environment): number | undefined {
  const [name, value] = setIn(env, 'TIMEOUT') ?? []
  if (name === undefined) return undefined
  const ms = Number(value)
  if (!Number.isFinite(ms) || ms < 1) throw refused(name, ms, 'a number from 1')
  return ms
}

function choiceIn<T extends string>(env: Environment, what: string, choices: readonly T[]): T | undefined {
  const [name, value] = setIn(env, what) ?? []
  if (name === undefined) return undefined
  const choice = choices.find((one) => one === value)
  if (choice === undefined) throw refused(name, value, choices.map((one) => `'${one}'`).join(' or '))
  return choice
}

/** The one for logs alone is the whole address; the one for all signals gets the path of logs. */
function urlIn(env: Environment): URL | undefined {
  const own = read(env, 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT')
  if (own !== '') return checkUrl('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', own, refused)
  const shared = read(env, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  if (shared === '') return undefined
  const url = checkUrl('OTEL_EXPORTER_OTLP_ENDPOINT', shared, refused)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/logs`
  return url
}

/** `OTEL_SERVICE_NAME` wins over a `service.name` here, and is the line's own already. */
function resourceIn(env: Environment): Record<string, string> {
  const { 'service.name': name, ...resource } = pairs(read(env, 'OTEL_RESOURCE_ATTRIBUTES'))
  const isNamed = read(env, 'SERVICE_NAME') !== '' || read(env, 'OTEL_SERVICE_NAME') !== ''
  return name === undefined || isNamed ? resource : { 'service.name': name, ...resource }
}

/** `key=value,key=value`, percent-encoded as W3C baggage is. What is no pair is left out. */
function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of text.split(',')) {
    const equals = pair.indexOf('=')
    if (equals > 0) found[decoded(pair.slice(0, equals).trim())] = decoded(pair.slice(equals + 1).trim())
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
