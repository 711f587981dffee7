import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'throughline'
import { refused } from 'throughline/internal'
import type { Exchange } from './exchange.js'
import type { AnyRequest, AnyResponse } from './message.js'
import { checkLogger, checkOptions, type RequestLoggingOptions, type Settings } from './options.js'
import type { RequestLife } from './request-life.js'
import { beginRequest } from './request-logging.js'

/** What the wrapped handler finds on its request. */
export interface Logged {
  /** The request's id. */
  readonly id: string
  /** The request's own logger. */
  readonly log: Logger
}

/** Options of the wrappers for node:http, which has neither routes nor a rule about proxies. */
export interface HttpRequestLoggingOptions<Req, Res> extends RequestLoggingOptions<Req, Res> {
  /** The pattern of the route that took the request (`/users/:id`). None by default. */
  readonly route?: (req: Req) => string | undefined
  /** The client's address, where a proxy is in front. The socket's by default. */
  readonly remoteAddress?: (req: Req) => string | undefined
}

/**
 * Wraps a handler of `node:http`, `node:https` or `node:http2`: each request gets its ids, its context, `req.log`, `req.id`
 * and a line at its start and its end. What the handler throws is logged, then rethrown.
 *
 * @throws TypeError naming the option, for one that cannot be used.
 * @example
 * ```ts
 * createServer(withRequestLogging(log, (req, res) => {
 *   req.log.info('Fetching user')
 *   res.end('hello')
 * }))
 * ```
 */
export function withRequestLogging<
  Req extends AnyRequest = IncomingMessage,
  Res extends AnyResponse = ServerResponse<IncomingMessage>,
>(
  log: Logger,
  handler: (req: Req & Logged, res: Res) => unknown,
  options: HttpRequestLoggingOptions<Req, Res> = {},
): (req: Req, res: Res) => unknown {
  const { settings, exchangeOf } = prepare('withRequestLogging', log, handler, options)
  return (req, res) => {
    const life = beginRequest(log, settings, exchangeOf(req, res))
    return follow(life, () => handler(Object.assign(req, { id: life.id, log: life.log }), res))
  }
}

/**
 * Wraps a listener of a server's `upgrade` event, such as one that hands on to `ws`'s `handleUpgrade`. The request is
 * completed when its connection closes, with the status that the listener wrote (101 for an accepted one).
 *
 * @throws TypeError naming the option, for one that cannot be used.
 */
export function withUpgradeLogging(
  log: Logger,
  handler: (req: IncomingMessage & Logged, socket: Duplex, head: Buffer) => unknown,
  options: HttpRequestLoggingOptions<IncomingMessage, ServerResponse> = {},
): (req: IncomingMessage, socket: Duplex, head: Buffer) => unknown {
  const { settings, exchangeOf } = prepare('withUpgradeLogging', log, handler, options)
  return (req, socket, head) => {
    // Never sent: an upgrade has no response object, and its answer is read from the socket.
    const life = beginRequest(log, settings, exchangeOf(req, new ServerResponse(req)))
    return follow(life, () => handler(Object.assign(req, { id: life.id, log: life.log }), socket, head))
  }
}

function prepare<Req extends AnyRequest, Res extends AnyResponse>(
  caller: string,
  log: Logger,
  handler: unknown,
  options: HttpRequestLoggingOptions<Req, Res>,
): { settings: Settings; exchangeOf: (req: Req, res: Res) => Exchange } {
  checkLogger(`${caller}(log)`, log)
  if (typeof handler !== 'function') throw refused(`${caller}(log, handler)`, handler, 'a function')
  const settings = checkOptions(`${caller}(log, handler, options)`, log, options, ['route', 'remoteAddress'])
  const { route, remoteAddress } = options
  for (const [name, given] of Object.entries({ route, remoteAddress })) {
    if (given === undefined || typeof given === 'function') continue
    throw refused(`${caller}(log, handler, { ${name} })`, given, 'a function')
  }
  const addressOf = (req: Req) =>
    remoteAddress === undefined
      ? req.socket.remoteAddress
      : settings.guard('remoteAddress', () => remoteAddress(req), undefined)
  return {
    settings,
    exchangeOf: (req, res) => ({
      req,
      res,
      url: req.url ?? '',
      remoteAddress: addressOf(req),
      given: [req, res],
      route: () => route?.(req),
      body: () => (req as { readonly body?: unknown }).body,
    }),
  }
}

/** Runs a handler in the request; what it throws is noted and goes on its way. */
function follow(life: RequestLife, handler: () => unknown): unknown {
  const failed = (error: unknown): never => {
    life.fail(error)
    throw error
  }
  return life.run(() => {
    let result: unknown
    try {
      result = handler()
    } catch (error) {
      failed(error)
    }
    // The new promise rejects in place of the old one: to Node, the rejection is as unhandled as before.
    return result instanceof Promise ? result.then(undefined, failed) : result
  })
}
