import { ATTRIBUTE_NAMES, RESOURCE_NAMES, SEVERITY_NUMBERS } from 'throughline/internal'
import type { Attribute, Json } from './value.js'

/**
 * A line in OpenTelemetry's log data model (https://opentelemetry.io/docs/specs/otel/logs/data-model/), before it is JSON or
 * protobuf.
 */
export interface LogRecord {
  /** Nanoseconds since 1970. */
  readonly time: string
  readonly severityNumber: number
  readonly severityText: string
  readonly body: Json
  readonly attributes: readonly Attribute[]
  /** 32 hexadecimal digits. */
  readonly traceId: string | undefined
  /** 16 hexadecimal digits. */
  readonly spanId: string | undefined
}

/** A record, and what it shares with others. */
export interface PlacedRecord {
  readonly record: LogRecord
  readonly resource: readonly Attribute[]
  /** The name of the module that logged. */
  readonly scope: string
}

const { trace, debug, info, warn, error, fatal } = SEVERITY_NUMBERS
/** By level number / 10; the last is `audit`, which is no more severe than INFO. */
const SEVERITIES = [trace, trace, debug, info, warn, error, fatal, info]

const RESOURCE: Readonly<Record<string, string>> = RESOURCE_NAMES
const NAMES: Readonly<Record<string, string>> = ATTRIBUTE_NAMES

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/
const DEFAULT_SCOPE = 'throughline'

/** @param level The level's number. */
export function logRecord(line: string, level: number, time: string): PlacedRecord {
  const { timestamp: _, level: text, message, logger, trace_id, span_id, ...rest } = fieldsOf(line)
  const traceId = idOf(trace_id, TRACE_ID)
  const spanId = idOf(span_id, SPAN_ID)
  const resource: Attribute[] = []
  // Each name once, as the model has it: a field may have the name that another is given here.
  const attributes = new Map<string, Json>()
  for (const [key, value] of Object.entries(rest)) {
    const place = Object.hasOwn(RESOURCE, key) ? RESOURCE[key] : undefined
    if (place !== undefined) resource.push([place, value])
    else attributes.set(Object.hasOwn(NAMES, key) ? (NAMES[key] as string) : key, value)
  }
  // An id of another shape is no trace's, but somebody's who may look for it.
  if (trace_id !== undefined && traceId === undefined) attributes.set('trace_id', trace_id)
  if (span_id !== undefined && spanId === undefined) attributes.set('span_id', span_id)
  const record: LogRecord = {
    time,
    severityNumber: SEVERITIES[Math.min(Math.max(Math.ceil(level / 10), 0), 7)] as number,
    severityText: typeof text === 'string' ? text : '',
    body: message ?? line.trimEnd(),
    attributes: [...attributes],
    traceId,
    spanId,
  }
  return { record, resource, scope: typeof logger === 'string' ? logger : DEFAULT_SCOPE }
}

/** A line that is no JSON object is a message without fields. */
function fieldsOf(line: string): { readonly [key: string]: Json } {
  try {
    const value = JSON.parse(line) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { [key: string]: Json })
      : {}
  } catch {
    return {}
  }
}

function idOf(value: Json | undefined, shape: RegExp): string | undefined {
  return typeof value === 'string' && shape.test(value) ? value : undefined
}
