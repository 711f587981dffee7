import { nanoseconds } from './duration.js'
import type { FormatContext, StoreFormat } from './format.js'

/**
 * Elastic Common Schema, as its loggers write it.
 *
 * Rules: https://github.com/elastic/ecs-logging/blob/main/spec/spec.json (order, required fields, dotted names at the top);
 * names: https://www.elastic.co/docs/reference/ecs/ecs-field-reference; Kubernetes' as Elastic's agents write them:
 * https://www.elastic.co/docs/reference/beats/filebeat/exported-fields-kubernetes-processor.
 */
export function ecs({ service }: FormatContext): StoreFormat {
  return {
    names: {
      timestamp: '@timestamp',
      level: 'log.level',
      logger: 'log.logger',
      service: 'service.name',
      version: 'service.version',
      environment: 'service.environment',
      pod: 'kubernetes.pod.name',
      namespace: 'kubernetes.namespace',
      node: 'kubernetes.node.name',
      container: 'kubernetes.container.name',
      request_id: 'http.request.id',
      trace_id: 'trace.id',
      span_id: 'span.id',
      host: 'server.address',
      method: 'http.request.method',
      path: 'url.path',
      status_code: 'http.response.status_code',
      response_time_ms: 'event.duration',
      user_agent: 'user_agent.original',
      remote_addr: 'client.address',
      request_bytes: 'http.request.body.bytes',
      response_bytes: 'http.response.body.bytes',
      user_id: 'user.id',
      error: 'error.message',
      error_type: 'error.type',
      traceback: 'error.stack_trace',
      error_code: 'error.code',
      error_details: 'error.details',
      event: 'event.action',
    },
    // "If the user manually configures the service name, the logging library should set event.dataset=${service.name}".
    constants: { 'ecs.version': '8.10.0', 'event.dataset': service },
    messageFirst: true,
    values: { response_time_ms: nanoseconds },
    texts: ['error', 'event', 'host', 'container'],
    objects: FIELD_SETS,
  }
}

/** The names that ECS has as objects: Elasticsearch refuses a document with a text or a number in such a place. */
const FIELD_SETS = [
  ...['agent', 'client', 'cloud', 'container', 'data_stream', 'destination', 'device', 'dll', 'dns', 'ecs', 'email'],
  ...['faas', 'file', 'group', 'http', 'kubernetes', 'labels', 'log', 'network', 'observer', 'orchestrator'],
  ...['organization', 'package', 'process', 'registry', 'related', 'rule', 'server', 'source', 'span', 'threat', 'tls'],
  ...['trace', 'transaction', 'url', 'user', 'volume', 'vulnerability'],
]
