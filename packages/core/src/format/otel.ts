import { threadId } from 'node:worker_threads'
import type { StoreFormat } from './format.js'
import { OTEL_ATTRIBUTES, OTEL_RESOURCE, OTEL_SEVERITY } from './otel-names.js'

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
      ...OTEL_ATTRIBUTES,
    },
    levelFields: { severity_number: OTEL_SEVERITY },
    constants: { 'thread.id': threadId },
    texts: ['error'],
    origin: {
      name: 'resource',
      names: OTEL_RESOURCE,
    },
    within: { name: 'attributes', outside: ['timestamp', 'level', 'message', 'trace_id', 'span_id', 'resource'] },
  }
}
