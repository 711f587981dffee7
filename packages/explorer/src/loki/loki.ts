import type { Answer } from '../server/headers.js'

/** What Loki's read API is answered by: the local engine, or a Loki elsewhere. */
export interface Loki {
  /**
   * Answers a path of the read API.
   *
   * @param signal Aborted when nobody waits for the answer any more.
   */
  answer(read: Read, signal: AbortSignal): Promise<Answer>
  /**
   * Sends new lines as Loki's tail does, until the signal is aborted.
   *
   * @throws when the query is none that can be tailed.
   */
  tail(params: URLSearchParams, send: (message: string) => void, signal: AbortSignal): Promise<void>
}

/** A path of the read API, and what it asks for. */
export interface Read {
  readonly path: string
  readonly params: URLSearchParams
  /** The value of the header `X-Loki-Response-Encoding-Flags`. */
  readonly flags?: string | undefined
}

const PREFIX = '/loki/api/v1/'
const PATHS = new Set(['query', 'query_range', 'labels', 'series', 'index/stats'])
const VALUES = /^label\/[A-Za-z_][A-Za-z0-9_]*\/values$/

/** Whether a path is one of those that only read. */
export function isReadPath(path: string): boolean {
  if (!path.startsWith(PREFIX)) return false
  const rest = path.slice(PREFIX.length)
  return PATHS.has(rest) || VALUES.test(rest)
}

export const TAIL_PATH = `${PREFIX}tail`
