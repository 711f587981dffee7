import { errorLogger, requestLogger } from '@throughline/express'
import express from 'express'
import { context } from 'throughline'

/** A small service: every line it logs carries the id of the request that it was logged for. */
export function service(log) {
  const app = express()
  app.use(requestLogger(log))
  app.use(express.json())

  app.get('/users/:id', async (request, response) => {
    context.set({ user_id: request.params.id })
    const user = await findUser(log.child({ table: 'users' }, { name: 'db' }), request.params.id)
    response.json(user)
  })

  app.post('/login', (request, response) => {
    request.log.info('Login', { body: request.body })
    response.status(204).end()
  })

  app.use(errorLogger(log))
  // Express knows an error handler by its four parameters.
  app.use((_error, request, response, _next) => {
    response.status(500).json({ error: 'internal error', request_id: request.id })
  })
  return app
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
