import {
  type CheckedTransport,
  checkHeaders,
  checkOptions,
  checkTransport,
  checkUrl,
  type OptionChecker,
  TRANSPORT_OPTIONS,
  type TransportOptions,
} from '@throughline/transport'
import { entriesOf } from 'throughline/internal'
import type { NameTable } from './labels.js'
import type { PushOptions } from './push.js'

export interface LokiOptions extends TransportOptions {
  /** Loki's address, `http://loki:3100`, to which the push API's path is added; or the whole address of a push API. */
  readonly url: string | URL
  /**
   * The fields whose values are labels. By default `app` (the line's `service`), `namespace`, `level`, and on audit lines
   * `log_type`. A table gives a label another name than its field: `{ app: 'service' }`. An id is refused, since each of its
   * values would be a stream of its own; of any other label, a hundred values are kept apart.
   */
  readonly labels?: readonly string[] | NameTable
  /** Labels that every line has: `{ cluster: 'eu-1' }`. */
  readonly staticLabels?: Readonly<Record<string, string>>
  /** The value of the label `namespace`; the line's `namespace` by default, else `POD_NAMESPACE`. */
  readonly namespace?: string
  /**
   * The fields that are structured metadata; none by default. Loki finds their values without a parser, but every query that
   * counts lines has a series for each value: 600 failed requests are 600 series, more than the 500 that Loki allows.
   */
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

const KNOWN = [...TRANSPORT_OPTIONS, 'labels', 'staticLabels', 'namespace', 'metadata', 'tenant'] as const

const LABELS: NameTable = { app: 'service', namespace: 'namespace', level: 'level', log_type: 'log_type' }

/** @throws TypeError naming the option, what was given, and what would be accepted. */
export function checkLoki(options: LokiOptions): CheckedLoki {
  const check = checkOptions('loki', options, KNOWN)
  const url = checkUrl('url', check.given.url, check.refused)
  if (url.pathname === '/') url.pathname = PUSH_PATH
  const isTenant = (value: unknown) => typeof value === 'string' && /^[\w!.*'()-]{1,150}$/.test(value)
  const tenant = check.check('tenant', isTenant, "up to 150 letters, digits and !-_.*'()")
  const headers = checkHeaders('headers', check.given.headers, check.refused)
  const sent = tenant === undefined ? headers : { ...headers, 'x-scope-orgid': tenant }
  return { transport: checkTransport(check.with({ url, headers: sent })), push: checkPush(check) }
}

function checkPush(check: OptionChecker<LokiOptions>): PushOptions {
  const labels = tableOf(check, 'labels', LABELS)
  const isLabel = (value: unknown) => typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= 2048
  const namespace = check.check('namespace', isLabel, 'a string of up to 2,048 bytes')
  const staticLabels = { ...(namespace === undefined ? {} : { namespace }), ...checkStatic(check) }
  const pod = process.env.POD_NAMESPACE ?? ''
  for (const [name, field] of Object.entries(labels)) {
    if (IDS.some((id) => id.test(name) || id.test(field))) {
      throw new TypeError(
        `loki({ labels }): "${name}" is an id, and would make a stream of each of its values; put it into metadata`,
      )
    }
  }
  const count = new Set([...Object.keys(labels), ...Object.keys(staticLabels)]).size
  if (count > MOST_LABELS) throw check.refused('labels', count, `at most ${MOST_LABELS}, with staticLabels`)
  const fallbackLabels: Record<string, string> = pod === '' ? {} : { namespace: pod }
  return { labels, staticLabels, fallbackLabels, metadata: tableOf(check, 'metadata', []) }
}

function checkStatic(check: OptionChecker<LokiOptions>): Readonly<Record<string, string>> {
  const entries = entriesOf(check.table('staticLabels', 'an object of labels') ?? {})
  for (const [name, value] of entries) {
    checkName(check, 'staticLabels', name)
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > 2048) {
      throw check.refused(`staticLabels: { ${name} }`, value, 'a string of up to 2,048 bytes')
    }
  }
  return Object.fromEntries(entries)
}

function tableOf(
  check: OptionChecker<LokiOptions>,
  option: 'labels' | 'metadata',
  usual: readonly string[] | NameTable,
): NameTable {
  const names: unknown = check.given[option] ?? usual
  if (typeof names !== 'object' || names === null) {
    throw check.refused(option, names, "an array of fields, or a table of names and their fields, { app: 'service' }")
  }
  const entries: [unknown, unknown][] = Array.isArray(names)
    ? names.map((name) => [name, name])
    : entriesOf(names as Readonly<Record<string, unknown>>)
  for (const [name, field] of entries) {
    checkName(check, option, name)
    if (typeof field !== 'string' || field === '') {
      throw check.refused(`${option}: { ${name} }`, field, "a field's name")
    }
  }
  return Object.fromEntries(entries) as NameTable
}

function checkName(check: OptionChecker<LokiOptions>, option: string, name: unknown): void {
  if (typeof name !== 'string' || !LABEL.test(name)) {
    const shown = typeof name === 'string' ? `: ${JSON.stringify(name)}` : ''
    const accepted = 'a name of letters, digits and _, not beginning with a digit or __'
    throw check.refused(`${option}${shown}`, name, accepted)
  }
}
