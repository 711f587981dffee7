import {
  beginRequest,
  checkLogger,
  checkOptions,
  pathOf,
  type RequestLife,
  type RequestLoggingOptions,
} from '@throughline/http/adapter'
import type { Logger } from 'throughline'
import type { ExpressRequest, ExpressResponse, LoggedFields, Next } from './request.js'
import { routePattern } from './route-pattern.js'

/** Where a request keeps its life, for `errorLogger`. Not a WeakMap, which costs the garbage collector (bench `http`). */
const LIFE: unique symbol = Symbol('throughline.life')

/** The life of a request that has passed `requestLogger`. */
export function lifeOf(req: object): RequestLife | undefined {
  return (req as { readonly [LIFE]?: RequestLife })[LIFE]
}

/**
 * Middleware that gives each request its ids, its context, `req.log`, `req.id` and a line at its start and its end. It goes
 * before everything else; mounted twice, it counts once.
 *
 * @throws TypeError naming the option, for one that cannot be used.
 * @example
 * ```ts
 * app.use(requestLogger(log, { ignore: '/health' }))
 * ```
 */
export function requestLogger<
  Req extends ExpressRequest = ExpressRequest,
  Res extends ExpressResponse = ExpressResponse,
>(log: Logger, options: RequestLoggingOptions<Req, Res> = {}): (req: Req, res: Res, next: Next) => void {
  checkLogger('requestLogger(log)', log)
  const settings = checkOptions('requestLogger(log, options)', log, options)
  return (req, res, next) => {
    if (lifeOf(req) !== undefined) return next()
    const life = beginRequest(log, settings, {
      req,
      res,
      url: req.originalUrl,
      remoteAddress: req.ip,
      given: [req, res],
      route: () => routePattern(req, pathOf(req.originalUrl)),
      body: () => req.body,
    })
    const logged: LoggedFields & { [LIFE]?: RequestLife } = req as Req & LoggedFields
    logged.id = life.id
    logged.log = life.log
    logged[LIFE] = life
    life.run(next)
  }
}
