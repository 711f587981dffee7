import { threadId } from 'node:worker_threads'
import type { StoreFormat } from './format.js'
import { ATTRIBUTE_NAMES, RESOURCE_NAMES, SEVERITY_NUMBERS } from './otel-names.js'

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
      ...ATTRIBUTE_NAMES,
    },
    levelFields: { severity_number: SEVERITY_NUMBERS },
    constants: { 'thread.id': threadId },
    texts: ['error'],
    origin: {
      name: 'resource',
      names: RESOURCE_NAMES,
    },
    within: { name: 'attributes', outside: ['timestamp', 'level', 'message', 'trace_id', 'span_id', 'resource'] },
  }
}
