import { Secrets } from './secrets.js'
import { RenewedToken } from './token.js'

/**
 * The credentials of a store. A token that is renewed is given by a function or by the path of its file: it is read before
 * the first request, and again when the store answers 401.
 */
export type Auth =
  | { readonly username: string; readonly password: string }
  | {
      /** The token, or a function that returns it. The function is called again after a 401. */
      readonly bearer: string | (() => string | Promise<string>)
    }
  | { readonly bearerFile: string }

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
  /** The token of requests, where it is renewed. */
  readonly token: RenewedToken | undefined
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
  const texts = [
    ...Object.entries(lower).flatMap(([name, value]) => (PLAIN.has(name) ? [] : [value, ...value.split(' ').slice(1)])),
    ...(given !== undefined && 'password' in given ? [given.password] : []),
    ...(authorization === undefined ? [] : [authorization, authorization.slice(authorization.indexOf(' ') + 1)]),
    ...url.searchParams.values(),
    ...(url.pathname.match(TOKEN) ?? []),
  ]
  const username = given !== undefined && 'username' in given ? given.username : ''
  const secrets = new Secrets(texts)
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    headers: authorization === undefined ? lower : { ...lower, authorization },
    shown: url.origin + url.pathname.replace(TOKEN, '…'),
    account: [lower['x-scope-orgid'] ?? '', username].join('\n'),
    secrets,
    token: renewedToken(given, secrets),
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

function renewedToken(auth: Auth | undefined, secrets: Secrets): RenewedToken | undefined {
  if (auth === undefined || 'username' in auth) return undefined
  const source = 'bearerFile' in auth ? auth.bearerFile : auth.bearer
  if (typeof source === 'string' && 'bearer' in auth) return undefined
  return new RenewedToken(source, (token) => secrets.add(token))
}

/** `undefined` for a token that is renewed. */
function authorizationOf(auth: Auth): string | undefined {
  if ('bearerFile' in auth) return undefined
  if ('bearer' in auth) return typeof auth.bearer === 'string' ? `Bearer ${auth.bearer}` : undefined
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
}
