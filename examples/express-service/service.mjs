import express from 'express'
import { context } from 'throughline'

/** A small service: every line it logs carries the id of the request that it was logged for. */
export function service(log) {
  const app = express()
  app.use(requestLines(log))
  app.use(express.json())

  app.get('/users/:id', async (request, response) => {
    context.set({ user_id: request.params.id })
    const user = await findUser(log.child({ table: 'users' }, { name: 'db' }), request.params.id)
    response.json(user)
  })

  app.post('/login', (request, response) => {
    log.info('Login', { credentials: request.body })
    response.status(204).end()
  })

  // Express knows an error handler by its four parameters.
  app.use((error, _request, response, _next) => {
    log.error('Request failed', error)
    response.status(500).json({ error: 'internal error' })
  })
  return app
}

/** A request is an operation: its context, its lines and its outcome belong together. */
function requestLines(log) {
  return (request, response, next) => {
    const { method, path } = request
    const started = performance.now()
    const request_id = request.get('x-request-id')
    const fields = request_id === undefined ? {} : { request_id }
    const operation = log.begin({ name: 'request', kind: 'request', method, path, fields })
    response.once('close', () => {
      const { statusCode: status } = response
      const durationMs = Math.round((performance.now() - started) * 1000) / 1000
      const failed = status >= 500
      operation.end({
        message: 'Request completed',
        level: failed ? 'error' : 'info',
        fields: { method, path, status_code: status, response_time_ms: durationMs },
        failed,
        durationMs,
        status,
      })
    })
    operation.run(() => {
      log.info('Request started', { method, path })
      next()
    })
  }
}

class DatabaseConnectionError extends Error {
  code = 'ECONNREFUSED'
}

async function findUser(log, id) {
  log.info('Fetching user')
  await new Promise((resolve) => setTimeout(resolve, 5))
  if (id === 'nobody') {
    throw new DatabaseConnectionError('Database connection failed', { cause: new Error('connect ECONNREFUSED') })
  }
  return { id, name: 'Ada' }
}
