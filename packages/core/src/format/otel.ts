import { threadId } from 'node:worker_threads'
import type { StoreFormat } from './format.js'

/**
 * OpenTelemetry's log data model as a line of JSON, for a collector's `filelog` receiver.
 *
 * Fields and severity numbers: https://opentelemetry.io/docs/specs/otel/logs/data-model/; the names of the trace's ids
 * and their place at the top: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/; attributes:
 * https://opentelemetry.io/docs/specs/semconv/registry/attributes/.
 */
export function otel(): StoreFormat {
  return {
    names: {
      level: 'severity_text',
      message: 'body',
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
    },
    levelFields: { severity_number: { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } },
    constants: { 'thread.id': threadId },
    texts: ['error'],
    origin: {
      name: 'resource',
      names: {
        service: 'service.name',
        version: 'service.version',
        environment: 'deployment.environment.name',
        pod: 'k8s.pod.name',
        namespace: 'k8s.namespace.name',
        node: 'k8s.node.name',
        container: 'k8s.container.name',
      },
    },
    within: { name: 'attributes', outside: ['timestamp', 'level', 'message', 'trace_id', 'span_id', 'resource'] },
  }
}
