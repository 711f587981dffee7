import type { LevelName } from '../levels/level.js'

/**
 * Attributes of OpenTelemetry's registry, by our names of fields; `@throughline/otlp` uses the same
 * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/).
 */
export const ATTRIBUTE_NAMES = {
  host: 'server.address',
  method: 'http.request.method',
  path: 'url.path',
  route: 'http.route',
  status_code: 'http.response.status_code',
  user_agent: 'user_agent.original',
  remote_addr: 'client.address',
  request_bytes: 'http.request.body.size',
  response_bytes: 'http.response.body.size',
  user_id: 'user.id',
  error: 'exception.message',
  error_type: 'exception.type',
  traceback: 'exception.stacktrace',
  error_details: 'exception.details',
} as const satisfies Readonly<Record<string, string>>

/** Attributes of the resource that logs: https://opentelemetry.io/docs/specs/semconv/resource/. */
export const RESOURCE_NAMES = {
  service: 'service.name',
  version: 'service.version',
  environment: 'deployment.environment.name',
  pod: 'k8s.pod.name',
  namespace: 'k8s.namespace.name',
  node: 'k8s.node.name',
  container: 'k8s.container.name',
} as const satisfies Readonly<Record<string, string>>

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
export const SEVERITY_NUMBERS = {
  ...{ trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 },
} as const satisfies Readonly<Record<LevelName, number>>
