import { takeToken } from './token.js'

const LOKI = '/loki/api/v1'
const token = takeToken()

/** What the server answered instead of a result. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

type Parameters = Readonly<Record<string, string | number | undefined>>

export type Labels = Readonly<Record<string, string>>

export interface Stream {
  readonly stream: Labels
  readonly values: readonly (readonly [ns: string, line: string])[]
}

export interface Series {
  readonly metric: Labels
  readonly values: readonly (readonly [seconds: number, value: string])[]
}

export interface Sample {
  readonly metric: Labels
  readonly value: readonly [seconds: number, value: string]
}

/** Loki's `data` of a query. */
export type QueryData =
  | { readonly resultType: 'streams'; readonly result: readonly Stream[] }
  | { readonly resultType: 'matrix'; readonly result: readonly Series[] }
  | { readonly resultType: 'vector'; readonly result: readonly Sample[] }
  | { readonly resultType: 'scalar'; readonly result: readonly [number, string] }

/** What the explorer says of what it has read. */
export interface Status {
  readonly mode: 'files' | 'loki'
  readonly name: string
  readonly progress?: { readonly isLoading: boolean; readonly bytes: number; readonly totalBytes?: number }
  readonly account?: Account
  /** Nanoseconds since the epoch. */
  readonly from?: string
  readonly to?: string
}

export interface Account {
  readonly read: number
  readonly stored: number
  readonly text: number
  readonly torn: number
  readonly cut: number
  readonly untimed: number
  readonly unreadable: number
  readonly named: readonly { readonly file: string; readonly line: number; readonly reason: string }[]
  readonly damages: readonly { readonly file: string; readonly reason: string }[]
  readonly unread: readonly string[]
  /** Lines that `seq` shows to be missing; absent where no line is numbered. */
  readonly missing?: number
  readonly sampledOut?: number
  readonly dropped?: number
}

export interface RequestHop {
  readonly depth: number
  readonly service: string
  readonly name: string
  readonly kind: 'service' | 'call'
  readonly status?: number
  readonly failed: boolean
  readonly isOpen: boolean
  readonly failure?: string
  /** Milliseconds since the epoch. */
  readonly start: number
  readonly end: number
  readonly duration: string
}

export interface RequestStory {
  readonly id: string
  readonly traces: readonly string[]
  readonly summary: string
  readonly hops: readonly RequestHop[]
  readonly lines: readonly { readonly ms: number; readonly line: string }[]
}

async function fetched(path: string, parameters: Parameters, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(`${path}?${search(parameters)}`, {
    headers: { authorization: `Bearer ${token ?? ''}` },
    ...(signal === undefined ? {} : { signal }),
  })
  if (!response.ok) throw new ApiError(response.status, messageOf(await response.text()))
  return response
}

function messageOf(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as { readonly error?: string; readonly message?: string }
    return error ?? message ?? body
  } catch {
    return body.trim()
  }
}

function search(parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

async function data<T>(path: string, parameters: Parameters, signal?: AbortSignal): Promise<T> {
  const response = await fetched(`${LOKI}/${path}`, parameters, signal)
  return ((await response.json()) as { readonly data: T }).data
}

export const api = {
  queryRange: (parameters: Parameters, signal?: AbortSignal) => data<QueryData>('query_range', parameters, signal),
  query: (parameters: Parameters, signal?: AbortSignal) => data<QueryData>('query', parameters, signal),
  labels: async (parameters: Parameters) => (await data<readonly string[] | undefined>('labels', parameters)) ?? [],
  values: async (label: string, parameters: Parameters) =>
    (await data<readonly string[] | undefined>(`label/${label}/values`, parameters)) ?? [],
  status: async () => (await (await fetched('/api/status', {})).json()) as Status,
  request: async (parameters: Parameters) => (await (await fetched('/api/request', parameters)).json()) as RequestStory,
  requestPage: async (parameters: Parameters) => (await fetched('/api/request-page', parameters)).blob(),
}

/** Opens a tail. The token is one of the protocols, since a page can set no header there. */
export function openTail(parameters: Parameters): WebSocket {
  const { host, protocol } = location
  const url = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${LOKI}/tail?${search(parameters)}`
  return new WebSocket(url, ['throughline-tail', `throughline-token.${token ?? ''}`])
}
