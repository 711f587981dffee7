import { createServer } from 'node:http'
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { errorLogger, requestLogger } from '@throughline/express'
import fastifyPlugin, { requestLogger as fastifyLogger, fastifyOptions } from '@throughline/fastify'
import { withRequestLogging } from '@throughline/http'
import express5 from 'express'
import express4 from 'express-4'
import fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify'
import { createLogger, type Logger, memory } from 'throughline'
import { describe, expectTypeOf, it } from 'vitest'

const log = createLogger({ env: {}, destination: memory() })

// Checked by the compiler: `tsc --noEmit` fails where a framework's own types do not fit.
describe("the frameworks' own types fit, strictly", () => {
  it('in Express 5', () => {
    const app = express5()
    app.use(
      requestLogger(log, {
        ignore: (req: express5.Request) => req.path === '/health',
        customFields: (req: express5.Request, res: express5.Response) => ({ plan: req.query.plan, locals: res.locals }),
      }),
    )
    app.use('/mounted', requestLogger(log))
    app.get('/users/:id', requestLogger(log), (req) => {
      expectTypeOf(req.log).toEqualTypeOf<Logger>()
      expectTypeOf(req.id).toEqualTypeOf<string>()
      expectTypeOf(req.params.id).toEqualTypeOf<string>()
    })
    app.use(errorLogger(log))
  })

  it('in Express 4', () => {
    const app = express4()
    app.use(requestLogger(log, { customFields: (req: express4.Request) => ({ plan: req.query.plan }) }))
    app.get('/users/:id', (req) => {
      expectTypeOf(req.log).toEqualTypeOf<Logger>()
      expectTypeOf(req.id).toEqualTypeOf<string>()
    })
    app.use(errorLogger(log))
  })

  it('in Fastify', () => {
    expectTypeOf<Logger>().toExtend<FastifyBaseLogger>()
    const app = fastify({ ...fastifyOptions(log), trustProxy: true })
    app.register(fastifyPlugin)
    app.register(fastifyLogger, {
      ignore: (request: FastifyRequest) => request.is404,
      customFields: (_request: FastifyRequest, reply: FastifyReply) => ({ elapsed: reply.elapsedTime }),
    })
    app.get('/health', { config: { requestLogger: false }, logLevel: 'warn' }, async (request) => {
      expectTypeOf(request.log.info).toBeFunction()
      return request.id
    })
    fastify({ ...fastifyOptions(log), http2: true })
  })

  it('in node:http and node:http2', () => {
    createServer(
      withRequestLogging(log, (req, res) => {
        expectTypeOf(req.log).toEqualTypeOf<Logger>()
        res.end(req.id)
      }),
    )
    createHttp2Server(
      withRequestLogging<Http2ServerRequest, Http2ServerResponse>(log, (req, res) => {
        res.end(String(req.stream.id))
      }),
    )
  })
})
