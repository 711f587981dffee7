import { nanoseconds } from './duration.js'
import type { Scalar, StoreFormat } from './format.js'

/**
 * Datadog. Reserved and standard attributes:
 * https://docs.datadoghq.com/logs/log_configuration/attributes_naming_convention/; ids, and their form:
 * https://docs.datadoghq.com/tracing/other_telemetry/connect_logs_and_traces/opentelemetry/.
 */
export function datadog(): StoreFormat {
  return {
    names: {
      level: 'status',
      logger: 'logger.name',
      version: 'dd.version',
      environment: 'dd.env',
      pod: 'pod_name',
      namespace: 'kube_namespace',
      container: 'kube_container_name',
      request_id: 'http.request_id',
      trace_id: 'dd.trace_id',
      span_id: 'dd.span_id',
      host: 'http.url_details.host',
      method: 'http.method',
      path: 'http.url_details.path',
      route: 'http.route',
      status_code: 'http.status_code',
      response_time_ms: 'duration',
      user_agent: 'http.useragent',
      remote_addr: 'network.client.ip',
      request_bytes: 'network.bytes_read',
      response_bytes: 'network.bytes_written',
      user_id: 'usr.id',
      error: 'error.message',
      error_type: 'error.kind',
      traceback: 'error.stack',
      error_code: 'error.code',
      error_details: 'error.details',
      event: 'evt.name',
    },
    // The words that Datadog's status remapper knows by their syslog severity.
    levels: { trace: 'debug', debug: 'debug', info: 'info', warn: 'warn', error: 'error', fatal: 'critical' },
    values: { trace_id: decimal, span_id: decimal, response_time_ms: nanoseconds },
    texts: ['error', 'event'],
    // Reserved, like `host`: what stands here decides which integration's pipeline a line goes through.
    taken: ['ddsource', 'source', 'ddtags'],
  }
}

/** An id of W3C Trace Context as Datadog has it: its last 64 bits, in decimal. */
function decimal(id: string | number | boolean): Scalar {
  return typeof id === 'string' && /^[0-9a-f]{16,32}$/.test(id) ? BigInt(`0x${id.slice(-16)}`).toString() : id
}
