import http from 'node:http'
import https from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { UserError } from '../user-error.js'
import type { Connection } from './connection.js'

/** An answer of Loki's that is not 200, and not one that another try may change. */
export class LokiError extends UserError {
  constructor(
    where: string,
    readonly status: number,
    /** Loki's own words. */
    readonly reason: string,
  ) {
    super(`${where}: ${status} ${reason}${hint(status)}`)
  }
}

/** A page of so many bytes is asked for again with fewer lines. */
export class PageTooLarge extends Error {}

/** Tries of one request, the pauses between them doubling from half a second. */
const MOST_TRIES = 6
const FIRST_PAUSE_MS = 500
/** A pause that the server asks for is kept up to this. */
const LONGEST_PAUSE_MS = 30_000
/** Silence of the server, before or within an answer. */
const TIMEOUT_MS = 60_000
/** Bytes of one answer, unpacked: what is parsed at once. */
const LARGEST_ANSWER = 128 * 1024 * 1024

/**
 * Asks Loki, and again where it cannot answer at the moment: no connection, 429, 5xx.
 *
 * @throws LokiError for any other answer.
 * @throws UserError when no try was answered.
 */
export async function getJson(connection: Connection, path: string, query: URLSearchParams, signal: AbortSignal) {
  const url = new URL(connection.url)
  url.pathname = `${url.pathname === '/' ? '' : url.pathname}${path}`
  url.search = query.toString()
  for (let tries = 1; ; tries++) {
    const answer = await tryOnce(connection, url, signal)
    if (answer.status === 200) return parsed(connection, answer.body)
    const where = nameOf(connection)
    const isPassing = answer.status === 0 || answer.status === 429 || answer.status >= 500
    if (!isPassing) throw new LokiError(where, answer.status, reasonIn(answer))
    if (tries >= MOST_TRIES) {
      const reason = answer.status === 0 ? answer.body.toString() : `${answer.status} ${reasonIn(answer)}`
      throw new UserError(`${where}: ${reason} (${MOST_TRIES} tries)`)
    }
    const asked = Number(answer.retryAfter) * 1000
    const wait = asked > 0 ? Math.min(asked, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS * 2 ** (tries - 1)
    await pause(wait, undefined, { signal })
  }
}

/** What messages call it: never with credentials. */
export function nameOf({ url }: Connection): string {
  return `loki ${url.origin}${url.pathname === '/' ? '' : url.pathname}`
}

interface Answer {
  /** 0 where there is none, with the reason as the body. */
  readonly status: number
  readonly retryAfter: string | undefined
  readonly body: Buffer
}

async function tryOnce(connection: Connection, url: URL, signal: AbortSignal): Promise<Answer> {
  try {
    return await exchange(connection, url, signal)
  } catch (error) {
    if (signal.aborted || error instanceof PageTooLarge) throw error
    if (isFinal(error)) throw new UserError(`${nameOf(connection)}: ${(error as Error).message}${CA_HINT}`)
    const { message, code = '' } = error as NodeJS.ErrnoException
    return { status: 0, retryAfter: undefined, body: Buffer.from(message || code) }
  }
}

/** No other try can change it: the server's certificate is not trusted. */
function isFinal(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test((error as NodeJS.ErrnoException).code ?? '')
}

function exchange({ headers, tls }: Connection, url: URL, signal: AbortSignal): Promise<Answer> {
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const options = { ...tls, signal, headers: { ...headers, Accept: 'application/json', 'Accept-Encoding': 'gzip' } }
    const call = request(url, options, (response) => {
      const pieces: Buffer[] = []
      let size = 0
      response.on('data', (piece: Buffer) => {
        size += piece.length
        if (size > LARGEST_ANSWER) call.destroy(new PageTooLarge())
        else pieces.push(piece)
      })
      response.on('error', reject)
      response.on('end', () => {
        const body = Buffer.concat(pieces)
        const isPacked = response.headers['content-encoding'] === 'gzip'
        try {
          resolve({
            status: response.statusCode ?? 0,
            retryAfter: response.headers['retry-after'],
            body: isPacked ? gunzipSync(body, { maxOutputLength: LARGEST_ANSWER }) : body,
          })
        } catch (error) {
          reject((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new PageTooLarge() : error)
        }
      })
    })
    call.setTimeout(TIMEOUT_MS, () => call.destroy(new Error(`no answer for ${TIMEOUT_MS / 1000} s`)))
    call.on('error', reject)
    call.end()
  })
}

const CA_HINT = '; LOKI_CA_CERT_PATH names the file of a certificate authority of your own'

function parsed(connection: Connection, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new UserError(
      `${nameOf(connection)}: the answer is no JSON; accepted: the address of a Loki, without /loki/api`,
    )
  }
}

const LONGEST_REASON = 500

/** Loki answers in plain text; a proxy in front of it perhaps in HTML. */
function reasonIn({ status, body }: Answer): string {
  if (status >= 300 && status < 400) return 'a redirect, which is not followed'
  const text = body.toString().trim().replace(/\s+/g, ' ')
  return text.startsWith('<') ? 'an answer in HTML, not of Loki' : text.slice(0, LONGEST_REASON)
}

function hint(status: number): string {
  if (status === 401 || status === 403)
    return ' (LOKI_USERNAME and LOKI_PASSWORD, LOKI_BEARER_TOKEN and LOKI_ORG_ID are read)'
  return ''
}
