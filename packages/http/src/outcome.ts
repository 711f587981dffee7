import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import type { LevelName } from 'throughline'
import { type Head, sentStatus } from './head.js'
import { type AnyRequest, type AnyResponse, isHttp2 } from './message.js'
import type { RequestLevels } from './options.js'

/** How a request ended, as far as its connection shows it. */
export interface Ending {
  /** The status that was sent; undefined when none was. */
  readonly status: number | undefined
  readonly aborted: boolean
  /** Who cut the connection. */
  readonly abortedBy: 'client' | 'server' | undefined
  /** What the connection's end was called: `ECONNRESET`, `ERR_HTTP_REQUEST_TIMEOUT`. */
  readonly code: string | undefined
  /** The error that the response was destroyed with, by a stream that failed. */
  readonly error: unknown
}

/**
 * Looks at a response that has closed, or whose connection has.
 *
 * @param isFlushed Whether the response has emitted `finish`, and its connection has taken all of it.
 * @param upgradeStatus What the handler of an upgrade answered on the bare socket.
 */
export function endingOf(
  req: AnyRequest,
  res: AnyResponse,
  head: Head,
  isFlushed: boolean,
  upgradeStatus?: number,
): Ending {
  if (upgradeStatus !== undefined) return { ...WHOLE, status: upgradeStatus }
  if (isFlushed && isWhole(res)) {
    return { ...WHOLE, status: isHttp2(res) ? sentStatus(res, head) : (head.status ?? res.statusCode) }
  }
  const status = sentStatus(res, head)
  const code = codeOf((req.socket as Socket | undefined)?.errored)
  // Node 24 destroys the responses that a leaving client had queued, with an error that says no more than that.
  return isCutByClient(req, res)
    ? { status, aborted: true, abortedBy: 'client', code, error: undefined }
    : { status, aborted: true, abortedBy: 'server', code, error: errorOf(res) }
}

const WHOLE = { aborted: false, abortedBy: undefined, code: undefined, error: undefined } as const

/** Whether a response that has finished was handed to the connection whole. */
function isWhole(res: AnyResponse): boolean {
  if (!isHttp2(res)) return true
  // HTTP/2's compatibility layer emits `finish` for a stream that was reset, too.
  return res.stream.writableFinished && !res.stream.aborted && res.stream.rstCode === constants.NGHTTP2_NO_ERROR
}

function errorOf(res: AnyResponse): unknown {
  return (isHttp2(res) ? res.stream.errored : res.errored) ?? undefined
}

function isCutByClient(req: AnyRequest, res: AnyResponse): boolean {
  const error = errorOf(res)
  if (isHttp2(res)) return error === undefined
  const { socket } = req
  if (socket.readableEnded) return true
  const code = codeOf(socket.errored)
  // An error of the response's own went to the socket too, and may well be the ECONNRESET of another connection.
  return socket.errored !== error && (code === 'ECONNRESET' || code === 'EPIPE')
}

/** What follows from a client's going away, and is no fault of the application. */
const CONSEQUENCES = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_UNABLE_TO_PIPE',
  'ERR_STREAM_WRITE_AFTER_END',
  'ABORT_ERR',
])

/** Whether an error only says what a cut connection has said already. */
export function isConsequence(error: unknown): boolean {
  // What `fetch` rejects with has no code of its own: a DOMException's is a number from long ago.
  return CONSEQUENCES.has(codeOf(error) ?? '') || nameOf(error) === 'AbortError'
}

/**
 * The level of a completion line: that of the status sent, or ERROR where an error came after the head or the status is below
 * 400.
 *
 * @param isLate Whether the error came after the head, which says nothing of it.
 */
export function levelOf(levels: RequestLevels, ending: Ending, error: unknown, isLate: boolean): LevelName {
  const { status = 0, aborted } = ending
  const isFault =
    error !== undefined && (aborted ? error === ending.error || !isConsequence(error) : isLate || status < 400)
  if (status >= 500 || isFault) return levels.serverError
  if (aborted) return levels.aborted
  return status >= 400 ? levels.clientError : levels.completed
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

function nameOf(error: unknown): unknown {
  return (error as { readonly name?: unknown } | null | undefined)?.name
}
