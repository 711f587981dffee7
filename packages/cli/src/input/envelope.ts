import { type JsonObject, parseObject } from '../record/json.js'

/** A line within what a log shipper or a store made of it. */
export interface Content {
  readonly text: string
  readonly origin: string | undefined
}

/** Events in one export are counted, not trusted. */
const MOST_CONTENTS = 1_000_000

/**
 * The lines that an object of a shipper or a store holds: a document of Filebeat, Elasticsearch, Vector or Fluent Bit, an entry of
 * logcli, Loki, journalctl, Splunk, Datadog or Google Cloud, CloudWatch's exports, the collector's OTLP files.
 *
 * @returns `undefined` for a record itself.
 */
export function contentsOf(object: JsonObject): readonly Content[] | undefined {
  // A record of its own may have fields of any name.
  if (object.level !== undefined && (object.message !== undefined || object.msg !== undefined)) return undefined
  for (const open of OPENERS) {
    const contents = open(object)
    if (contents !== undefined && contents.length > 0) return contents
  }
  return undefined
}

type Opener = (object: JsonObject) => readonly Content[] | undefined

const one = (text: string, ...origins: readonly unknown[]): readonly Content[] => [
  { text: text.replace(/\n$/, ''), origin: origins.find((origin): origin is string => isName(origin)) },
]

const OPENERS: readonly Opener[] = [
  // Loki: an entry of `logcli --output=jsonl`, and an answer of its API.
  ({ line, labels }) => (typeof line === 'string' && isObject(labels) ? one(line, ...originsIn(labels)) : undefined),
  ({ data }) =>
    isObject(data) && data.resultType === 'streams' && Array.isArray(data.result)
      ? lokiStreams(data.result)
      : undefined,
  journalEntry,
  // CloudWatch: a subscription's data, `filter-log-events`, one of its events, and Logs Insights.
  ({ logEvents, logStream }) => (Array.isArray(logEvents) ? messagesOf(logEvents, logStream) : undefined),
  ({ events }) => (Array.isArray(events) && events.every(isCloudwatchEvent) ? messagesOf(events) : undefined),
  (object) => (isCloudwatchEvent(object) ? messagesOf([object]) : undefined),
  ({ '@message': message, '@logStream': stream }) =>
    message === undefined ? undefined : one(isObject(message) ? JSON.stringify(message) : String(message), stream),
  // Elasticsearch's answers and exports.
  ({ hits }) => (isObject(hits) && Array.isArray(hits.hits) ? texts(hits.hits) : undefined),
  ({ _source: source }) => (isObject(source) ? texts([source]) : undefined),
  // Splunk's exports.
  ({ result, _raw: raw }) => {
    const event = isObject(result) ? result : { _raw: raw }
    return typeof event._raw === 'string' ? one(event._raw, event.host) : undefined
  },
  googleEntry,
  datadogEntry,
  ({ resourceLogs }) => (Array.isArray(resourceLogs) ? otlpRecords(resourceLogs) : undefined),
  shippedLine,
]

/**
 * A line as text under `log` or `message`, beside what a shipper knows of it: Docker's drivers, Fluent Bit, Filebeat, Vector. A logger's own
 * message may be JSON too, so that there has to be a shipper.
 */
function shippedLine(object: JsonObject): readonly Content[] | undefined {
  const { log, message, kubernetes, container, container_name, stream } = object
  const isShipped = SHIPPERS.some((name) => object[name] !== undefined)
  const text = typeof log === 'string' ? log : message
  if (!isShipped || typeof text !== 'string') return undefined
  if (typeof log !== 'string' && parseObject(text) === undefined) return undefined
  if (typeof log === 'string' && stream === undefined && parseObject(text) === undefined) return undefined
  return one(text, ...originsIn(kubernetes), nameOf(container), container_name)
}

const SHIPPERS = [
  ...['stream', 'container_id', 'container_name', 'kubernetes', 'source_type', 'agent', 'input', '@metadata', 'docker'],
  ...['file', 'log_processed', 'container'],
]

/** Syslog's severities (RFC 5424), by which journald keeps priorities. */
const PRIORITIES = ['FATAL', 'FATAL', 'FATAL', 'ERROR', 'WARN', 'INFO', 'INFO', 'DEBUG']

/** An entry of `journalctl --output=json`: the message is text, or a list of bytes where it is not only that. */
function journalEntry(entry: JsonObject): readonly Content[] | undefined {
  const { MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, _SYSTEMD_UNIT, __REALTIME_TIMESTAMP } = entry
  if (MESSAGE === undefined || (__REALTIME_TIMESTAMP === undefined && PRIORITY === undefined)) return undefined
  const message = Array.isArray(MESSAGE) ? Buffer.from(MESSAGE as number[]).toString() : String(MESSAGE ?? '')
  const service = SYSLOG_IDENTIFIER ?? _SYSTEMD_UNIT
  if (parseObject(message) !== undefined) return one(message, service)
  const timestamp = Number(__REALTIME_TIMESTAMP) / 1000
  const level = PRIORITIES[Number(PRIORITY)] ?? 'INFO'
  const time = Number.isFinite(timestamp) ? { timestamp: new Date(timestamp).toISOString() } : {}
  return one(JSON.stringify({ ...time, level, service, message }), service)
}

function isCloudwatchEvent(event: unknown): boolean {
  if (!isObject(event) || typeof event.message !== 'string' || typeof event.timestamp !== 'number') return false
  return event.ingestionTime !== undefined || event.eventId !== undefined || event.logStreamName !== undefined
}

function messagesOf(events: readonly unknown[], stream?: unknown): readonly Content[] {
  return events
    .slice(0, MOST_CONTENTS)
    .flatMap((event) =>
      isObject(event) && typeof event.message === 'string' ? one(event.message, event.logStreamName ?? stream) : [],
    )
}

function lokiStreams(streams: readonly unknown[]): readonly Content[] {
  return streams
    .filter(isObject)
    .flatMap(({ stream, values }) =>
      Array.isArray(values)
        ? values.flatMap((value) => (Array.isArray(value) ? one(String(value[1]), ...originsIn(stream)) : []))
        : [],
    )
}

/** An entry of `gcloud logging read`: what the agents took out of the line goes back to where it stood. */
function googleEntry(entry: JsonObject): readonly Content[] | undefined {
  const { jsonPayload, textPayload, logName, insertId, timestamp, severity, httpRequest, trace, spanId } = entry
  if (logName === undefined && insertId === undefined) return undefined
  if (typeof textPayload === 'string') return one(textPayload)
  if (!isObject(jsonPayload)) return undefined
  const ids = { 'logging.googleapis.com/trace': trace, 'logging.googleapis.com/spanId': spanId }
  return texts([{ time: timestamp, severity, ...ids, ...jsonPayload, httpRequest }])
}

/** A log of Datadog's API. */
function datadogEntry({ attributes, type, id }: JsonObject): readonly Content[] | undefined {
  if (!isObject(attributes) || !isObject(attributes.attributes) || (type !== 'log' && id === undefined))
    return undefined
  const { attributes: own, tags: _, ...reserved } = attributes
  return texts([{ ...reserved, ...own }])
}

/** Log records of OTLP as JSON, in the form of the `otel` format. */
function otlpRecords(resourceLogs: readonly unknown[]): readonly Content[] {
  return resourceLogs.filter(isObject).flatMap(({ resource, scopeLogs }) => {
    const place = isObject(resource) ? attributesOf(resource.attributes) : {}
    const scopes = Array.isArray(scopeLogs) ? scopeLogs.filter(isObject) : []
    return scopes.flatMap(({ logRecords }) => {
      const records = Array.isArray(logRecords) ? logRecords.filter(isObject) : []
      return records.flatMap((record) => otlpRecord(record, place))
    })
  })
}

function otlpRecord(record: JsonObject, resource: JsonObject): readonly Content[] {
  const { timeUnixNano, observedTimeUnixNano, severityText, body, attributes, traceId, spanId } = record
  const content = valueOfAny(body)
  const nano = Number(timeUnixNano ?? observedTimeUnixNano)
  const text = typeof content === 'string' && parseObject(content) !== undefined ? content : undefined
  if (text !== undefined) return one(text, resource['service.name'])
  const ids = { trace_id: traceId || undefined, span_id: spanId || undefined }
  const time = { timestamp: Number.isFinite(nano) ? new Date(nano / 1e6).toISOString() : undefined }
  const fields = { severity_text: severityText, body: content, attributes: attributesOf(attributes), resource }
  return texts([{ ...time, ...ids, ...fields }])
}

function attributesOf(list: unknown): Record<string, unknown> {
  const pairs = Array.isArray(list) ? list.filter(isObject) : []
  return Object.fromEntries(pairs.map(({ key, value }) => [String(key), valueOfAny(value)]))
}

/** OTLP's AnyValue. 64-bit numbers are text there. */
function valueOfAny(value: unknown): unknown {
  if (!isObject(value)) return value
  const { stringValue, intValue, doubleValue, boolValue, arrayValue, kvlistValue } = value
  if (isObject(arrayValue) && Array.isArray(arrayValue.values)) return arrayValue.values.map(valueOfAny)
  if (isObject(kvlistValue)) return attributesOf(kvlistValue.values)
  return stringValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? boolValue
}

/** Where a shipper says that a line is from: pod and container, or the labels of a stream. */
function originsIn(labels: unknown): readonly unknown[] {
  if (!isObject(labels)) return []
  const { pod_name, container_name, pod, container, service_name, app, job } = labels
  return [container_name, nameOf(container), pod_name, nameOf(pod), service_name, app, job]
}

function nameOf(value: unknown): unknown {
  return isObject(value) ? value.name : value
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= 512
}

function texts(objects: readonly unknown[]): readonly Content[] {
  return objects.slice(0, MOST_CONTENTS).map((object) => ({ text: JSON.stringify(object), origin: undefined }))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
