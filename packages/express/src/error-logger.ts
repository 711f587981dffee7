import { checkLogger, failureFields, lifeOf, pathOf } from '@throughline/http/adapter'
import type { Logger } from 'throughline'
import type { ExpressRequest, ExpressResponse, Next } from './request.js'

/**
 * Error-handling middleware that notes the error for the request's completion line, and hands it on untouched. It goes
 * after the routes and before the error handlers that answer.
 *
 * @throws TypeError when `log` is not a logger.
 * @example
 * ```ts
 * app.use(errorLogger(log))
 * app.use((error, req, res, next) => res.status(500).json({ error: 'internal' }))
 * ```
 */
export function errorLogger(
  log: Logger,
): (error: unknown, req: ExpressRequest, res: ExpressResponse, next: Next) => void {
  checkLogger('errorLogger(log)', log)
  return (error, req, _res, next) => {
    const life = lifeOf(req)
    // Without `requestLogger` before it there is no line to wait for.
    if (life !== undefined) life.fail(error)
    else log.error('Request failed', { method: req.method, path: pathOf(req.originalUrl), ...failureFields(error) })
    next(error)
  }
}
