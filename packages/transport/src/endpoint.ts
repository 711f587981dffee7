import { Secrets } from './secrets.js'

/** The credentials of a store. */
export type Auth = { readonly username: string; readonly password: string } | { readonly bearer: string }

/** Where requests go, and with what. */
export interface Endpoint {
  readonly origin: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** For messages: the address without its credentials, and without what in its path and query may be one. */
  readonly shown: string
  /** Whose store it is: hosted ones tell their customers apart by the user of basic authentication, or by `X-Scope-OrgID`. */
  readonly account: string
  readonly secrets: Secrets
}

/** Headers whose values are no secret. */
const PLAIN = new Set(['content-type', 'user-agent', 'x-scope-orgid', 'accept'])

/** A part of a path that may be a token, as some stores have them: no word, and no name of an API, is so long. */
const TOKEN = /[^/]{20,}/g

/** Takes the credentials out of an address, so that no message can repeat them. */
export function endpointOf(url: URL, headers: Readonly<Record<string, string>>, auth: Auth | undefined): Endpoint {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const given = auth ?? credentialsIn(url)
  const authorization = given === undefined ? undefined : authorizationOf(given)
  const secrets = [
    ...Object.entries(lower).flatMap(([name, value]) => (PLAIN.has(name) ? [] : [value, ...value.split(' ').slice(1)])),
    ...(given === undefined ? [] : 'bearer' in given ? [given.bearer] : [given.password]),
    ...(authorization === undefined ? [] : [authorization, authorization.slice(authorization.indexOf(' ') + 1)]),
    ...url.searchParams.values(),
    ...(url.pathname.match(TOKEN) ?? []),
  ]
  const username = given === undefined || 'bearer' in given ? '' : given.username
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    headers: authorization === undefined ? lower : { ...lower, authorization },
    shown: url.origin + url.pathname.replace(TOKEN, '…'),
    account: [lower['x-scope-orgid'] ?? '', username].join('\n'),
    secrets: new Secrets(secrets),
  }
}

function credentialsIn(url: URL): Auth | undefined {
  if (url.username === '' && url.password === '') return undefined
  return { username: decoded(url.username), password: decoded(url.password) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray per cent sign stands for itself.
    return text
  }
}

function authorizationOf(auth: Auth): string {
  if ('bearer' in auth) return `Bearer ${auth.bearer}`
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
}
