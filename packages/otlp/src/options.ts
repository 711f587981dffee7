import {
  type CheckedTransport,
  Checker,
  checkTransport,
  TRANSPORT_OPTIONS,
  type TransportOptions,
} from '@throughline/transport'
import type { Environment } from 'throughline'
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
const KNOWN = [...TRANSPORT_OPTIONS, 'protocol', 'resource', 'env']

const check = new Checker('otlp')

/** @throws TypeError naming the option or the variable, what was given, and what would be accepted. */
export function checkOtlp(options: OtlpOptions): CheckedOtlp {
  check.object('options', options, KNOWN)
  const given = options.env ?? process.env
  if (typeof given !== 'object') throw check.refused('env', given, 'an object of settings')
  check.headers('headers', options.headers)
  const env = otlpEnvironment(given, check)
  const { protocol: asked, resource = {}, env: _, ...rest } = options
  const protocol = asked ?? env.protocol ?? 'http/protobuf'
  if (!PROTOCOLS.includes(protocol)) throw check.refused('protocol', protocol, "'http/protobuf' or 'http/json'")
  check.object('resource', resource, Object.keys(resource ?? {}))
  for (const [name, value] of Object.entries(resource)) {
    if (typeof value !== 'string') throw check.refused(`resource: { ${name} }`, value, 'a text')
  }
  const transport = checkTransport(
    {
      ...rest,
      url: options.url ?? env.url ?? DEFAULT_URL,
      headers: { ...env.headers, ...options.headers },
      timeoutMs: options.timeoutMs ?? env.timeoutMs ?? 10_000,
      gzip: options.gzip ?? env.compression !== 'none',
    },
    check,
  )
  return { transport, exported: { protocol, resource: { ...env.resource, ...resource } } }
}
