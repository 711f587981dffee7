import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** An answer's content. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string | Buffer
}

/** CodeMirror writes its style sheets from the script, and marks them with the nonce. */
function policyFor(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    `style-src 'self' 'nonce-${nonce}'`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

/** A number that is used once, in the policy and in the page. */
export function newNonce(): string {
  return randomBytes(16).toString('base64')
}

/** Sends an answer with the headers that every answer has. */
export function send(response: ServerResponse, { status, type, body }: Answer, nonce = newNonce()): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': policyFor(nonce),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET' } : {}),
  })
  response.end(body)
}

/** A value as JSON. */
export function json(value: unknown, status = 200): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

/** Text as Loki sends its errors. */
export function text(body: string, status: number): Answer {
  return { status, type: 'text/plain; charset=utf-8', body }
}
