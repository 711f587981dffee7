import { holds, hopsOf, recordOf, type Source, type Story, type TracedLine, treeOf } from '@throughline/cli/reader'
import type { Loki } from '../loki/loki.js'

/** A request is part of one trace, or of a few where a client retries it; the command's `trace` has the same bound. */
const MOST_TRACES = 8
/** Loki's `max_entries_limit_per_query` by default. */
const MOST_LINES = 5000

/** Labels of which every stream of an application has one. */
const USUAL_LABELS = ['app', 'service', 'service_name', 'namespace', 'job', 'environment']

/** Where and when to look for a request. */
export interface RequestSearch {
  readonly id: string
  /** Nanoseconds since the epoch, as the page sends them. */
  readonly start: string
  readonly end: string
}

/**
 * Everything that happened to a request, as `throughline trace` tells it: the lines with its id, and those of the traces that
 * these name. Asked through Loki's read API, so that files and a Loki give the same.
 */
export async function requestStory(loki: Loki, { id, start, end }: RequestSearch, signal: AbortSignal): Promise<Story> {
  const ask = (path: string, params: Readonly<Record<string, string>>) => data(loki, path, params, signal)
  const labels = (await ask('labels', { start, end })) as readonly string[]
  const label = USUAL_LABELS.find((name) => labels.includes(name)) ?? labels[0] ?? 'app'
  const linesWith = async (ids: readonly string[]) => {
    const filter = ids.map((each) => JSON.stringify(each)).join(' or ')
    const query = `{${label}=~".+"} |= ${filter}`
    const params = { query, start, end, limit: String(MOST_LINES), direction: 'forward' }
    return tracedLines((await ask('query_range', params)) as Streams, ids)
  }
  const lines = await linesWith([id])
  const traces = new Set<string>()
  for (const { record } of lines.values()) {
    const { request_id, trace_id } = record
    if (request_id === id && typeof trace_id === 'string' && trace_id !== '' && trace_id !== id) traces.add(trace_id)
  }
  const followed = [...traces].slice(0, MOST_TRACES)
  if (followed.length > 0) for (const [key, line] of await linesWith(followed)) lines.set(key, line)
  const found = [...lines.values()].sort((a, b) => a.time - b.time)
  return { id, traces: followed, lines: found, tree: treeOf(hopsOf(found)) }
}

interface Streams {
  readonly result: readonly {
    readonly stream: Readonly<Record<string, string>>
    readonly values: readonly (readonly [ns: string, line: string])[]
  }[]
}

async function data(
  loki: Loki,
  name: string,
  params: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  const path = `/loki/api/v1/${name}`
  const { status, body } = await loki.answer({ path, params: new URLSearchParams(params) }, signal)
  if (status !== 200) throw new Error(String(body).trim())
  return (JSON.parse(String(body)) as { readonly data?: unknown }).data ?? []
}

/** Lines that are records and have one of the ids, not as a part of a longer one. */
function tracedLines({ result }: Streams, ids: readonly string[]): Map<string, TracedLine> {
  const lines = new Map<string, TracedLine>()
  for (const { stream, values } of result) {
    const name = stream.app ?? stream.service ?? stream.service_name ?? ''
    const source: Source = { name, path: undefined, size: undefined }
    for (const [i, [ns, text]] of values.entries()) {
      if (!ids.some((id) => holds(text, id))) continue
      const object = objectOf(text)
      if (object === undefined) continue
      const record = recordOf(object)
      // The same line of the same moment may well have been written twice: its place tells them apart.
      const key = JSON.stringify([
        ns,
        stream,
        text,
        values.slice(0, i).filter(([at, line]) => at === ns && line === text).length,
      ])
      lines.set(key, { record, source, origin: name === '' ? undefined : name, time: Number(ns.slice(0, -6)) })
    }
  }
  return lines
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
