import { flatten } from '../encode/string.js'
import type { FormatContext, Scalar, StoreFormat } from './format.js'

/**
 * Google Cloud Logging, as its agents read standard output (Cloud Run, GKE, Functions, the Ops Agent).
 *
 * Special fields: https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields; severities:
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity; `stack_trace` and `serviceContext`, by
 * which Error Reporting finds and groups errors: https://cloud.google.com/error-reporting/docs/formatting-error-messages.
 */
export function gcp({ env }: FormatContext): StoreFormat {
  if (MILLISECONDS.length === 0) for (let n = 0; n < 1000; n++) addDigits(String(n).padStart(3, '0'))
  const project = env.GOOGLE_CLOUD_PROJECT || env.GCP_PROJECT || env.GCLOUD_PROJECT
  return {
    names: {
      timestamp: 'time',
      level: 'severity',
      trace_id: 'logging.googleapis.com/trace',
      span_id: 'logging.googleapis.com/spanId',
      traceback: 'stack_trace',
    },
    levels: { trace: 'DEBUG', debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR', fatal: 'CRITICAL' },
    // The trace's resource name, which needs the project; an agent that knows the project completes a bare id itself.
    ...(project ? { values: { trace_id: (id) => `projects/${project}/traces/${id}` } } : {}),
    origin: {
      name: 'serviceContext',
      names: { service: 'service', version: 'version' },
    },
    group: HTTP_REQUEST,
    // The agents take these out of the line, or read them as parts of the entry.
    taken: [...SPECIAL.map((name) => `logging.googleapis.com/${name}`), 'timestampSeconds', 'timestampNanos'],
  }
}

const SPECIAL = ['insertId', 'labels', 'operation', 'sourceLocation', 'trace_sampled']

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest: sizes are texts there, as all of JSON's int64. */
const HTTP_REQUEST = {
  name: 'httpRequest',
  names: {
    method: 'requestMethod',
    path: 'requestUrl',
    status_code: 'status',
    response_time_ms: 'latency',
    user_agent: 'userAgent',
    remote_addr: 'remoteIp',
    request_bytes: 'requestSize',
    response_bytes: 'responseSize',
  },
  values: { response_time_ms: seconds, request_bytes: String, response_bytes: String },
  // A call to another service is not the request that the entry is about.
  when: ({ method, status_code, host }: Readonly<Record<string, unknown>>) =>
    method !== undefined && status_code !== undefined && host === undefined,
}

/**
 * Milliseconds as JSON has a duration of Protocol Buffers, with three, six or up to nine digits behind the point:
 * `0.012345s`.
 */
function seconds(ms: string | number | boolean): Scalar {
  if (typeof ms !== 'number') return ms
  const micros = Math.round(ms * 1000)
  // Whole microseconds below a second, as nearly all are: put together of texts that are there (bench `formats`).
  if (micros > 0 && micros < 1e6 && micros / 1000 === ms) {
    const millis = (micros / 1000) | 0
    const rest = (micros | 0) - millis * 1000
    const start = MILLISECONDS[millis]
    const end = MICROSECONDS[rest]
    if (start !== undefined && end !== undefined) return start + end
  }
  if (!Number.isFinite(ms)) return ms
  const text = String(ms / 1000)
  const isShort = text.length <= MOST_DIGITS && !text.includes('e')
  return `${isShort ? text : (ms / 1000).toFixed(MOST_DIGITS).replace(/\.?0+$/, '')}s`
}

/** A duration has up to nine digits behind the point. */
const MOST_DIGITS = 9
/** `0.000` to `0.999`, made when the format is first asked for. */
const MILLISECONDS: string[] = []
/** `s`, and `001s` to `999s`. */
const MICROSECONDS: string[] = []

function addDigits(three: string): void {
  MILLISECONDS.push(flatten(`0.${three}`))
  MICROSECONDS.push(three === '000' ? 's' : flatten(`${three}s`))
}
