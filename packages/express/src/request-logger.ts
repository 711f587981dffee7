import { beginRequest, checkLogger, checkOptions, lifeOf, type RequestLoggingOptions } from '@throughline/http/adapter'
import type { Logger } from 'throughline'
import type { ExpressRequest, ExpressResponse, LoggedFields, Next } from './request.js'
import { routePattern } from './route-pattern.js'

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
      route: (path) => routePattern(req, path),
      body: () => req.body,
    })
    const logged: LoggedFields = req as Req & LoggedFields
    logged.id = life.id
    logged.log = life.log
    life.run(next)
  }
}
