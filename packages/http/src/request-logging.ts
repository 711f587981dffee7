import type { Logger } from 'throughline'
import { type Exchange, pathOf } from './exchange.js'
import { type Identity, identify } from './identity.js'
import { IgnoredRequest } from './ignored-request.js'
import { LoggedRequest } from './logged-request.js'
import type { AnyRequest } from './message.js'
import type { Settings } from './options.js'
import type { RequestLife } from './request-life.js'

/**
 * Finds out who a request is, before it begins.
 *
 * @param given The framework's own request, for the options' functions.
 */
export function identifyRequest(settings: Settings, req: AnyRequest, given: unknown): Identity {
  const { trusts } = settings
  const trusted = typeof trusts === 'boolean' ? trusts : settings.guard('trustIncoming', () => trusts(given), false)
  return identify(req, settings, trusted, given)
}

/**
 * Begins a request: answers with its id, and writes "Request started" unless it is to be ignored.
 *
 * @param log The logger that the request's own is made from.
 */
export function beginRequest(
  log: Logger,
  settings: Settings,
  exchange: Exchange,
  identity: Identity = identifyRequest(settings, exchange.req, exchange.given[0]),
): RequestLife {
  const { res, url, given } = exchange
  if (settings.responseHeader !== false && !res.headersSent) res.setHeader(settings.responseHeader, identity.requestId)
  const { ignores } = settings
  const isIgnored = ignores !== undefined && settings.guard('ignore', () => ignores(given[0], pathOf(url)), false)
  return isIgnored ? new IgnoredRequest(log, exchange, identity) : new LoggedRequest(log, settings, exchange, identity)
}
