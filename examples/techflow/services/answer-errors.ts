import type { ErrorRequestHandler } from 'express'

/** Tells the client no more than which request it was. Express knows an error handler by its four parameters. */
export const answerErrors: ErrorRequestHandler = (error, req, res, _next) => {
  res.status(error.statusCode ?? 500).json({ error: 'internal error', request_id: req.id })
}
