import type { Logger } from 'throughline'
import { type Exchange, pathOf } from './exchange.js'
import { watchHead } from './head.js'
import { type Identity, identify, withApplicationsId } from './identity.js'
import { IgnoredRequest } from './ignored-request.js'
import { LoggedRequest } from './logged-request.js'
import type { AnyRequest } from './message.js'
import type { Settings } from './options.js'
import { lifeOf, type RequestLife, remember } from './request-life.js'

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
 * Begins a request: answers with its id, and writes "Request started" unless it is to be ignored. A request that has
 * begun already, by another adapter or another copy of this one, goes on as it is.
 *
 * @param log The logger that the request's own is made from.
 */
export function beginRequest(log: Logger, settings: Settings, exchange: Exchange, identity?: Identity): RequestLife {
  const { req, res, url, given } = exchange
  const existing = lifeOf(req)
  if (existing !== undefined) return existing
  const who = withApplicationsId(req, res, settings, identity ?? identifyRequest(settings, req, given[0]))
  const path = pathOf(url)
  const { ignores } = settings
  const isIgnored = ignores !== undefined && settings.guard('ignore', () => ignores(given[0], path), false)
  const head = watchHead(res, settings.responseHeader, who.requestId)
  const life = isIgnored
    ? new IgnoredRequest(log, exchange, who)
    : new LoggedRequest(log, settings, exchange, who, path, head)
  remember(req, life)
  return life
}
