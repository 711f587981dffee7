import { readFileSync } from 'node:fs'
import { told, UserError } from '../user-error.js'

/** How a Loki is reached: from `--loki` and the environment variables of logcli. */
export interface Connection {
  /** Without user and password, and without a slash behind a path. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly tls: {
    readonly ca?: Buffer
    readonly cert?: Buffer
    readonly key?: Buffer
    readonly rejectUnauthorized?: boolean
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * @param address `--loki`, or `LOKI_ADDR` where it is not given.
 * @throws UserError for an address that is none, a file that cannot be read, or both kinds of credentials at once.
 */
export function connectionOf(address: string | undefined, env: Environment): Connection {
  const url = urlOf(address, env)
  const headers = { ...credentialsOf(url, env), ...tenantOf(env) }
  url.username = ''
  url.password = ''
  const ca = fileIn(env, 'LOKI_CA_CERT_PATH')
  const cert = fileIn(env, 'LOKI_CLIENT_CERT_PATH')
  const key = fileIn(env, 'LOKI_CLIENT_KEY_PATH')
  const isInsecure = /^(?:1|t|true)$/i.test(env.LOKI_TLS_SKIP_VERIFY ?? '')
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(isInsecure ? { rejectUnauthorized: false } : {}),
  }
  return { url, headers, tls }
}

function urlOf(address: string | undefined, env: Environment): URL {
  const name = address === undefined ? 'LOKI_ADDR' : '--loki'
  const given = address ?? env.LOKI_ADDR ?? ''
  const accepted = 'accepted: a URL such as http://localhost:3100'
  if (given === '') throw new UserError(`--query needs a Loki: --loki or LOKI_ADDR is missing; ${accepted}`)
  let url: URL
  try {
    url = new URL(given)
  } catch {
    throw new UserError(`${name}: got ${JSON.stringify(given)}; ${accepted}`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UserError(`${name}: got the protocol ${JSON.stringify(url.protocol)}; ${accepted}`)
  while (url.pathname.length > 1 && url.pathname.endsWith('/')) url.pathname = url.pathname.slice(0, -1)
  url.search = ''
  url.hash = ''
  return url
}

/** The environment's credentials go before those in the URL, as logcli has it. */
function credentialsOf(url: URL, env: Environment): Readonly<Record<string, string>> {
  const user = env.LOKI_USERNAME || decodeURIComponent(url.username)
  const password = env.LOKI_PASSWORD || decodeURIComponent(url.password)
  const token = env.LOKI_BEARER_TOKEN || fileIn(env, 'LOKI_BEARER_TOKEN_FILE')?.toString().trim()
  if (user !== '' && token) {
    throw new UserError(
      'LOKI_USERNAME and LOKI_BEARER_TOKEN are both set; accepted: one of them (a user in the URL counts as LOKI_USERNAME)',
    )
  }
  const header = env.LOKI_AUTH_HEADER || 'Authorization'
  if (token) return { [header]: headerValue('LOKI_BEARER_TOKEN', `Bearer ${token}`) }
  return user === '' ? {} : { [header]: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

function tenantOf({ LOKI_ORG_ID }: Environment): Readonly<Record<string, string>> {
  return LOKI_ORG_ID ? { 'X-Scope-OrgID': headerValue('LOKI_ORG_ID', LOKI_ORG_ID) } : {}
}

/** @throws UserError naming the variable, and not its value. */
function headerValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value
  throw new UserError(`${name} holds a character that no header may have; accepted: printable ASCII`)
}

function fileIn(env: Environment, name: string): Buffer | undefined {
  const path = env[name]
  if (!path) return undefined
  try {
    return readFileSync(path)
  } catch (error) {
    throw told(name, error)
  }
}
