import type { ResourceGroup } from './groups.js'
import type { LogRecord } from './log-record.js'
import type { Attribute, Json } from './value.js'

/**
 * `ExportLogsServiceRequest` as OTLP's own JSON has it: ids as hexadecimal digits, 64-bit numbers as texts
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
export function encodeJson(groups: readonly ResourceGroup[]): string {
  return JSON.stringify({
    resourceLogs: groups.map(({ attributes, scopes }) => ({
      resource: { attributes: attributes.map(keyValue) },
      scopeLogs: [...scopes.values()].map(({ name, records }) => ({
        scope: { name },
        logRecords: records.map(record),
      })),
    })),
  })
}

function record({ time, severityNumber, severityText, body, attributes, traceId, spanId }: LogRecord): object {
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber,
    severityText,
    body: anyValue(body),
    attributes: attributes.map(keyValue),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
  }
}

function keyValue([key, value]: Attribute): object {
  return { key, value: anyValue(value) }
}

function anyValue(value: Json): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  }
  if (value === null) return {}
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: Object.entries(value).map(keyValue) } }
}
