import { type Entries, nanoseconds } from '@throughline/transport/thread'
import { type LogRecord, logRecord } from './log-record.js'
import type { Attribute, Json } from './value.js'

/** The records of one module. */
export interface ScopeGroup {
  readonly name: string
  readonly records: LogRecord[]
}

/** The records of one service, version and place. */
export interface ResourceGroup {
  readonly attributes: readonly Attribute[]
  readonly scopes: Map<string, ScopeGroup>
}

/**
 * The records of a request as OTLP nests them: said once is who logged them.
 *
 * @param fixed Attributes that every resource has, and that win over a line's own.
 */
export function groupsOf({ lines, levels, ms, ns }: Entries, fixed: Readonly<Record<string, string>>): ResourceGroup[] {
  const groups = new Map<string, ResourceGroup>()
  for (const [i, line] of lines.entries()) {
    const time = nanoseconds(ms[i] as number, ns[i] as number)
    const { record, resource, scope } = logRecord(line, levels[i] as number, time)
    const key = JSON.stringify(resource)
    let group = groups.get(key)
    if (group === undefined) {
      const attributes = Object.entries<Json>({ ...Object.fromEntries(resource), ...fixed })
      group = { attributes, scopes: new Map() }
      groups.set(key, group)
    }
    const existing = group.scopes.get(scope)
    if (existing === undefined) group.scopes.set(scope, { name: scope, records: [record] })
    else existing.records.push(record)
  }
  return [...groups.values()]
}
