import {
  type CheckedTransport,
  checkHeaders,
  checkOptions,
  checkTransport,
  TRANSPORT_OPTIONS,
  type TransportOptions,
} from '@throughline/transport'
import type { Environment } from 'throughline'
import { entriesOf } from 'throughline/internal'
import { otlpEnvironment } from './environment.js'
import { type ExportOptions, type OtlpProtocol, PROTOCOLS } from './export-request.js'

/** The options of `otlp`: those of every transport, and what OTLP has beside them. */
export interface OtlpOptions extends Omit<TransportOptions, 'url'> {
  /** The whole address; `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT` or `_ENDPOINT` by default, else `http://localhost:4318/v1/logs`. */
  readonly url?: string | URL
  /** `OTEL_EXPORTER_OTLP_PROTOCOL` by default, else `http/protobuf`. */
  readonly protocol?: OtlpProtocol
  /** Attributes of the resource, beside `OTEL_RESOURCE_ATTRIBUTES` and over them. */
  readonly resource?: Readonly<Record<string, string>>
  /** The environment that settings are read from; `process.env` by default. Options win over it, as in OpenTelemetry. */
  readonly env?: Environment
}

export interface CheckedOtlp {
  readonly transport: CheckedTransport
  readonly exported: ExportOptions
}

const DEFAULT_URL = 'http://localhost:4318/v1/logs'
const KNOWN = [...TRANSPORT_OPTIONS, 'protocol', 'resource', 'env'] as const

/** @throws TypeError naming the option or the variable, what was given, and what would be accepted. */
export function checkOtlp(options: OtlpOptions): CheckedOtlp {
  const check = checkOptions('otlp', options, KNOWN)
  const env = otlpEnvironment(check.table('env', 'an object of settings') ?? process.env)
  const { url = env.url ?? DEFAULT_URL, headers, timeoutMs, gzip } = check.given
  const transport = checkTransport(
    check.with({
      url,
      headers: { ...env.headers, ...checkHeaders('headers', headers, check.refused) },
      timeoutMs: timeoutMs ?? env.timeoutMs ?? 10_000,
      gzip: gzip ?? env.compression !== 'none',
    }),
  )
  const protocol = check.oneOf('protocol', PROTOCOLS, env.protocol ?? 'http/protobuf')
  const resource = entriesOf(check.table('resource', 'an object of attributes') ?? {})
  for (const [name, value] of resource) {
    if (typeof value !== 'string') throw check.refused(`resource: { ${name} }`, value, 'a string')
  }
  return { transport, exported: { protocol, resource: { ...env.resource, ...Object.fromEntries(resource) } } }
}
