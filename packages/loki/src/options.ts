import {
  type CheckedTransport,
  Checker,
  checkTransport,
  TRANSPORT_OPTIONS,
  type TransportOptions,
} from '@throughline/transport'
import type { NameTable } from './labels.js'
import type { PushOptions } from './push.js'

export interface LokiOptions extends TransportOptions {
  /** Loki's address, `http://loki:3100`, to which the push API's path is added; or the whole address of a push API. */
  readonly url: string | URL
  /**
   * The fields whose values are labels: `service`, `environment`, `level` and `log_type` (`audit`, or `application`) by
   * default. A table gives a label another name than its field: `{ app: 'service' }`. An id is refused, since each of its
   * values would be a stream of its own; of any other label, a hundred values are kept apart.
   */
  readonly labels?: readonly string[] | NameTable
  /** Labels that every line has: `{ cluster: 'eu-1' }`. */
  readonly staticLabels?: Readonly<Record<string, string>>
  /** The fields that are structured metadata: `request_id`, `trace_id` and `user_id` by default. */
  readonly metadata?: readonly string[] | NameTable
  /** The tenant, sent as `X-Scope-OrgID`. None by default. */
  readonly tenant?: string
}

export interface CheckedLoki {
  readonly transport: CheckedTransport
  readonly push: PushOptions
}

const PUSH_PATH = '/loki/api/v1/push'
/** `max_label_names_per_series` of Loki by default. */
const MOST_LABELS = 15
/** `[a-zA-Z_][a-zA-Z0-9_]*`, as Prometheus has it; two underscores at the start are Loki's own. */
const LABEL = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/
/** As this project names an id, and as others do: `request_id`, `trace.id`, `sessionId`, `uuid`, `X-Request-ID`, `traceid`. */
const IDS = [
  /(^|[_.-])(id|uuid|guid)$/i,
  /[a-z](Id|ID|Uuid|UUID|Guid|GUID)$/,
  /(request|trace|span|session|user|correlation)id$/i,
] as const

const KNOWN = [...TRANSPORT_OPTIONS, 'labels', 'staticLabels', 'metadata', 'tenant']

const check = new Checker('loki')

/** @throws TypeError naming the option, what was given, and what would be accepted. */
export function checkLoki(options: LokiOptions): CheckedLoki {
  check.object('options', options, KNOWN)
  const { tenant } = options
  const url = check.url('url', options.url)
  if (url.pathname === '/') url.pathname = PUSH_PATH
  if (tenant !== undefined && (typeof tenant !== 'string' || !/^[\w!.*'()-]{1,150}$/.test(tenant))) {
    throw check.refused('tenant', tenant, "up to 150 letters, digits and !-_.*'()")
  }
  const headers = tenant === undefined ? options.headers : { ...options.headers, 'x-scope-orgid': tenant }
  const given = headers === undefined ? { ...options, url } : { ...options, url, headers }
  return { transport: checkTransport(given, check), push: checkPush(options) }
}

function checkPush(options: LokiOptions): PushOptions {
  const labels = tableOf('labels', options.labels ?? ['service', 'environment', 'level', 'log_type'])
  const staticLabels = options.staticLabels ?? {}
  check.object('staticLabels', staticLabels, Object.keys(staticLabels ?? {}))
  for (const [name, field] of Object.entries(labels)) {
    if (IDS.some((id) => id.test(name) || id.test(field))) {
      throw new TypeError(
        `loki({ labels }): "${name}" is an id, and would make a stream of each of its values; put it into metadata`,
      )
    }
  }
  for (const [name, value] of Object.entries(staticLabels)) {
    checkName('staticLabels', name)
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > 2048) {
      throw check.refused(`staticLabels: { ${name} }`, value, 'a text of up to 2,048 bytes')
    }
  }
  const count = new Set([...Object.keys(labels), ...Object.keys(staticLabels)]).size
  if (count > MOST_LABELS) throw check.refused('labels', count, `at most ${MOST_LABELS}, with staticLabels`)
  return {
    labels,
    staticLabels,
    metadata: tableOf('metadata', options.metadata ?? ['request_id', 'trace_id', 'user_id']),
  }
}

function tableOf(option: string, names: readonly string[] | NameTable): NameTable {
  if (typeof names !== 'object' || names === null) {
    throw check.refused(option, names, "a list of fields, or a table of names and their fields, { app: 'service' }")
  }
  const entries = Array.isArray(names) ? names.map((name: unknown) => [name, name]) : Object.entries(names)
  for (const [name, field] of entries) {
    checkName(option, name)
    if (typeof field !== 'string' || field === '')
      throw check.refused(`${option}: { ${name} }`, field, "a field's name")
  }
  return Object.fromEntries(entries) as NameTable
}

function checkName(option: string, name: unknown): void {
  if (typeof name !== 'string' || !LABEL.test(name)) {
    const shown = typeof name === 'string' ? `: ${JSON.stringify(name)}` : ''
    throw check.refused(`${option}${shown}`, name, 'a name of letters, digits and _, not beginning with a digit or __')
  }
}
