import { type Refuse, warnOnce } from 'throughline/internal'

/**
 * Which servers receive the ids:
 *
 * - `https://internal.example`, `http://localhost:3000`: this origin, with this port or the scheme's own;
 * - `internal.example`, `localhost:3000`: this host, by either scheme, at this port or any;
 * - `*.svc.cluster.local`, `https://*.example.com`: every host below it, at any depth;
 * - a function, asked with the origin at each call. One that throws has said no.
 */
export type OriginRule = string | ((origin: URL) => boolean)

/** Whether a server receives the ids. */
export type OriginFilter = (origin: URL) => boolean

/** What a rule may be, for an error. */
export const ORIGIN_FORMS = 'an origin ("https://internal.example"), a host ("*.svc.cluster.local") or a function'
const PATTERN = /^(?:(https?):\/\/)?(\*\.)?([^\s/?#@:*[\]]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?\/?$/i
const DEFAULT_PORT: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/** @throws TypeError for a rule that is none of the forms. */
export function compileOrigins(rules: readonly OriginRule[], refused: Refuse): OriginFilter {
  const filters = rules.map((rule, i) => {
    if (typeof rule === 'function') return asking(rule)
    const filter = typeof rule === 'string' ? compilePattern(rule) : undefined
    // A rule that is refused may be a URL with a password; no message repeats a string.
    if (filter === undefined) throw refused(`to[${i}]`, rule, ORIGIN_FORMS)
    return filter
  })
  return (origin) => filters.some((filter) => filter(origin))
}

function compilePattern(rule: string): OriginFilter | undefined {
  const match = PATTERN.exec(rule)
  if (match === null) return undefined
  const [, scheme, wildcard, given = '', port] = match
  const host = canonical(given)
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined
  const protocol = scheme === undefined ? undefined : `${scheme.toLowerCase()}:`
  const wantedPort = port ?? (protocol === undefined ? undefined : DEFAULT_PORT[protocol])
  return (origin) =>
    (protocol === undefined || origin.protocol === protocol) &&
    (wildcard === undefined ? origin.hostname === host : origin.hostname.endsWith(`.${host}`)) &&
    (wantedPort === undefined || portOf(origin) === String(Number(wantedPort)))
}

/** The host as URLs write it: in lower case, in punycode. */
function canonical(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return undefined
  }
}

function portOf(origin: URL): string | undefined {
  return origin.port === '' ? DEFAULT_PORT[origin.protocol] : origin.port
}

function asking(rule: (origin: URL) => boolean): OriginFilter {
  return (origin) => {
    try {
      return rule(new URL(origin.origin)) === true
    } catch {
      warnOnce('a function in the option `to` threw; the ids were not sent')
      return false
    }
  }
}
