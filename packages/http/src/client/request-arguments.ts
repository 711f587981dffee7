import type { RequestOptions } from 'node:http'
import { urlToHttpOptions } from 'node:url'

/** The arguments of `http.request`: a URL, options, a callback, each of which may be missing. */
export type RequestArguments = readonly [unknown?, unknown?, unknown?]

/** A call of `http.request` as Node will understand it. */
export interface RequestCall {
  readonly method: string
  readonly origin: string
  readonly path: string
  readonly headers: unknown
  /** The same arguments with other headers. Nothing that was passed in is changed. */
  withHeaders(headers: unknown): unknown[]
}

/**
 * Reads the arguments by Node's own rules: options win over the URL, and only their own enumerable properties count.
 *
 * @param module The protocol that the module is for, `http:` or `https:`.
 * @throws for what Node will refuse too.
 */
export function readArguments(args: RequestArguments, module: string): RequestCall {
  const url = hrefOf(args[0])
  const hasUrl = url !== undefined
  const given = (hasUrl ? args[1] : args[0]) ?? {}
  if (typeof given !== 'object' && typeof given !== 'function') throw new TypeError('options are an object')
  const options: RequestOptions = typeof given === 'object' ? { ...given } : {}
  const rest = (hasUrl ? args.slice(1) : args).filter((arg) => typeof arg === 'function')
  const base: RequestOptions = hasUrl ? (urlToHttpOptions(new URL(url)) as RequestOptions) : {}
  const merged: RequestOptions = { ...base, ...options }
  return {
    method: String(merged.method ?? 'GET').toUpperCase(),
    origin: originOf(merged, module),
    path: merged.path ?? '/',
    headers: options.headers,
    withHeaders(headers) {
      const extended = { ...options, headers }
      return hasUrl ? [args[0], extended, ...rest] : [extended, ...rest]
    },
  }
}

/** A URL is known by its shape, as Node does it: it may come from another realm, or be somebody's own. */
function hrefOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const { href, protocol, auth, path } = (value ?? {}) as Readonly<Record<string, unknown>>
  return href && protocol && auth === undefined && path === undefined ? String(href) : undefined
}

function originOf(options: RequestOptions, module: string): string {
  const { protocol, defaultPort } = options
  const host = options.hostname || options.host || 'localhost'
  const port = options.port || defaultPort
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `${protocol ?? module}//${name}${port ? `:${port}` : ''}`
}
