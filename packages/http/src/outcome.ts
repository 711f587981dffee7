import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import type { LevelName } from 'throughline'
import { type AnyRequest, type AnyResponse, isHttp2 } from './message.js'
import type { RequestLevels } from './options.js'

/** How a request ended, as far as its connection shows it. */
export interface Ending {
  /** Undefined when nothing was answered: then there is no status to tell. */
  readonly status: number | undefined
  readonly aborted: boolean
  /** Who cut the connection. */
  readonly abortedBy: 'client' | 'server' | undefined
  /** What the connection's end was called: `ECONNRESET`, `ERR_HTTP_REQUEST_TIMEOUT`. */
  readonly code: string | undefined
}

/**
 * Looks at a response that has closed, or whose connection has.
 *
 * @param upgradeStatus What the handler of an upgrade answered on the bare socket.
 */
export function endingOf(req: AnyRequest, res: AnyResponse, upgradeStatus?: number): Ending {
  const answered = upgradeStatus ?? (isWhole(res) ? res.statusCode : undefined)
  if (answered !== undefined) return { status: answered, aborted: false, abortedBy: undefined, code: undefined }
  const status = res.headersSent ? res.statusCode : undefined
  const code = codeOf((req.socket as Socket | undefined)?.errored)
  return { status, aborted: true, abortedBy: isCutByClient(req, res, code) ? 'client' : 'server', code }
}

/** Whether the whole answer was handed to the connection. */
function isWhole(res: AnyResponse): boolean {
  if (!isHttp2(res)) return res.writableFinished
  // HTTP/2's compatibility layer emits `finish` for a stream that was reset, too.
  return res.writableEnded && !res.stream.aborted && res.stream.rstCode === constants.NGHTTP2_NO_ERROR
}

/** The error that the response was destroyed with, by a stream that failed. */
export function errorOf(res: AnyResponse): unknown {
  return (isHttp2(res) ? res.stream.errored : res.errored) ?? undefined
}

function isCutByClient(req: AnyRequest, res: AnyResponse, code: string | undefined): boolean {
  if (errorOf(res) !== undefined) return false
  if (isHttp2(res)) return true
  const { socket } = req
  return socket.readableEnded === true || code === 'ECONNRESET' || code === 'EPIPE'
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
  return CONSEQUENCES.has(codeOf(error) ?? '')
}

/** The level of a completion line. An error that the client was not told of with a status makes it one too. */
export function levelOf(levels: RequestLevels, ending: Ending, error: unknown): LevelName {
  const { status = 0, aborted } = ending
  const isFault = error !== undefined && (aborted ? !isConsequence(error) : status < 400)
  if (status >= 500 || isFault) return levels.serverError
  if (aborted) return levels.aborted
  return status >= 400 ? levels.clientError : levels.completed
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
