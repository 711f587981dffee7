import type { Labels, Stream } from './api.js'

/** A line as the list shows it. */
export interface Row {
  /** Names the line in the address: its time, and a hash of its text where several have the same. */
  readonly id: string
  readonly ns: string
  readonly ms: number
  readonly line: string
  /** Of the stream, and what the query's parsers took out of the line. */
  readonly labels: Labels
  /** The line's own fields, where it is a JSON object. */
  readonly fields: Readonly<Record<string, unknown>> | undefined
}

export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const

/** Streams as one list, the newest line first. */
export function rowsOf(streams: readonly Stream[]): readonly Row[] {
  const rows = streams.flatMap(({ stream, values }) => values.map(([ns, line]) => rowOf(ns, line, stream)))
  return rows.sort((a, b) => (a.ns.length - b.ns.length || (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0)) * -1)
}

export function rowOf(ns: string, line: string, labels: Labels): Row {
  return new LazyRow(ns, line, labels)
}

/** Lines are parsed when they are looked at: of 5,000 that were found, some 40 are. */
class LazyRow implements Row {
  private parsed: Row['fields'] | null = null
  private hash: string | undefined

  constructor(
    readonly ns: string,
    readonly line: string,
    readonly labels: Labels,
  ) {}

  get id(): string {
    this.hash ??= hashOf(this.line)
    return `${this.ns}.${this.hash}`
  }

  get ms(): number {
    return Number(this.ns.slice(0, -6))
  }

  get fields(): Row['fields'] {
    if (this.parsed === null) this.parsed = objectOf(this.line)
    return this.parsed
  }
}

function objectOf(line: string): Row['fields'] {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Row['fields']
  } catch {
    return undefined
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36)
}

/** A field's value, from the line or from what the query made of it. */
export function fieldOf(row: Row, name: string): unknown {
  return row.fields?.[name] ?? row.labels[name]
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

export function levelOf(row: Row): string {
  const level = textOf(row.labels.level ?? row.labels.detected_level ?? row.fields?.level).toUpperCase()
  return level === 'WARNING' ? 'WARN' : level === 'CRITICAL' ? 'FATAL' : level
}

export function serviceOf(row: Row): string {
  const { app, service, service_name } = row.labels
  return app ?? service ?? service_name ?? textOf(row.fields?.service)
}

/** What is shown of a line: its message, or all of it where it is none of ours or was formatted by the query. */
export function messageOf(row: Row): string {
  const { message, msg } = row.fields ?? {}
  return textOf(message ?? msg) || row.line
}

/** Everything that a line says, by name. */
export function entriesOf(row: Row): readonly (readonly [name: string, value: unknown])[] {
  const all = { ...row.labels, ...row.fields }
  // A field that the parser found under a label's name is among the line's own already.
  const isTwin = (name: string) => name.endsWith('_extracted') && name.slice(0, -'_extracted'.length) in all
  return Object.entries(all).filter(([name]) => !name.startsWith('__') && !isTwin(name))
}
