/** Where a call goes, as far as a line may say it: never a user, a password or a query. */
export interface Target {
  /** The origin that is called; `undefined` where the client does not say. */
  readonly url: URL | undefined
  /** The path without its query. */
  readonly path: string
  /** The query, without its question mark: not for any line, but for keeping it out of an error's text. */
  readonly query: string
}

/**
 * Reads where a call goes from what HTTP clients have.
 *
 * @param origin The server that is connected to.
 * @param path The request's target: a path, or an absolute URL, as it is sent to a proxy. Then that URL counts, because its
 *   server is the one that the headers are for.
 */
export function targetOf(origin: string | URL | undefined, path: string): Target {
  if (!path.startsWith('/')) {
    const url = parsed(path)
    if (url !== undefined) return { url, path: url.pathname, query: url.search.slice(1) }
  }
  const end = path.search(/[?#]/)
  return {
    url: origin === undefined ? undefined : serverOf(origin),
    path: end === -1 ? path : path.slice(0, end),
    query: end === -1 ? '' : path.slice(end + 1),
  }
}

/** The origin that was parsed last: a program's calls go to few servers (bench `undici`). */
let last: { readonly origin: string; readonly url: URL } | undefined

function serverOf(origin: string | URL): URL | undefined {
  if (origin === last?.origin) return last.url
  const url = parsed(origin)
  if (typeof origin === 'string' && url !== undefined) last = { origin, url }
  return url
}

function parsed(text: string | URL): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
