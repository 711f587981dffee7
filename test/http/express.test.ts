import { once } from 'node:events'
import { createServer } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { errorLogger, requestLogger } from '@throughline/express'
import express5 from 'express'
import express4 from 'express-4'
import multer from 'multer'
import { context } from 'throughline'
import { describe, expect, it } from 'vitest'
import { connection, type Line, listen, Recorder, request } from './rig.js'

/** An app with the request logger before and the error logger behind what a test adds. */
async function serve(express: typeof express5, build: (app: express5.Application, recorder: Recorder) => void) {
  const recorder = new Recorder()
  const app = express()
  app.use(requestLogger(recorder.log))
  build(app, recorder)
  app.use(errorLogger(recorder.log))
  // What Express prints to stderr by default, the log has.
  app.set('env', 'test')
  return { recorder, ...(await listen(createServer(app))) }
}

const versions = { 'Express 4': express4 as unknown as typeof express5, 'Express 5': express5 }

describe.each(Object.entries(versions))('%s', (name, express) => {
  describe('names the route', () => {
    it.each([
      ['/users/:id', '/users/42', 200],
      ['/users/:id', '/users/42?full=1', 200],
      ['/', '/', 200],
      ['/orgs', '/orgs', 200],
      ['/orgs/:org/users/:id', '/orgs/acme/users/42', 200],
      ['/orgs/:org/users/:id', '/orgs/orgs/users/users', 200],
      ['/orgs/:org/users/:id', '/orgs/a%20b/users/c%2Fd', 200],
      ['/orgs/:org/fail', '/orgs/acme/fail', 500],
      ['/first/deep/:x', '/first/deep/1', 200],
      ['/second/deep/:x', '/second/deep/1', 200],
      ['/sub/:tenant/things/:thing', '/sub/t1/things/7', 200],
      ['/either/:a', '/either/1', 200],
      [undefined, '/nowhere', 404],
      [undefined, '/orgs/acme/nowhere', 404],
    ])('%s for %s', async (route, path, status) => {
      const { recorder, url } = await serve(express, (app) => {
        const ok: express5.RequestHandler = (_req, res) => {
          res.end()
        }
        const deep = express.Router()
        deep.get('/:x', ok)
        const router = express.Router({ mergeParams: true })
        router.get('/', ok)
        router.get('/users/:id', ok)
        router.get('/fail', (_req, _res, next) => next(new Error('no')))
        const sub = express()
        sub.get('/things/:thing', ok)
        app.get('/', ok)
        app.get('/users/:id', ok)
        app.use('/orgs/:org', router)
        app.get('/orgs', ok)
        app.use('/first', express.Router().use('/deep', deep))
        app.use('/second/deep', deep)
        app.use('/sub/:tenant', sub)
        app.get(['/neither', '/either/:a'], ok)
      })
      await fetch(url + path)
      const end = await recorder.end()
      expect(end.status_code).toBe(status)
      expect(end.route).toBe(route)
      expect(recorder.lines('Request logging option threw; told once')).toEqual([])
    })
  })

  describe('logs an error once, at ERROR', () => {
    const failing = async (handler: express5.RequestHandler, path = '/') => {
      const { recorder, port, ...rest } = await serve(express, (app) => app.get('/', handler))
      const socket = await connection(port, request('GET', path, ['Connection: close', 'X-Request-ID: req-1']))
      await once(socket, 'close')
      const end = await recorder.end()
      const errors = recorder.lines().filter(({ level }) => level === 'ERROR')
      return { recorder, end, errors, received: socket.received(), ...rest }
    }
    const boom = (): Error => Object.assign(new RangeError('boom'), { code: 'E_BOOM' })
    const expected = {
      request_id: 'req-1',
      error: 'boom',
      error_type: 'RangeError',
      error_code: 'E_BOOM',
      traceback: expect.stringContaining('RangeError: boom'),
    }

    it('that was passed to next', async () => {
      const { errors, received } = await failing((_req, _res, next) => next(boom()))
      expect(errors).toMatchObject([{ ...expected, message: 'Request completed', status_code: 500, route: '/' }])
      expect(received).toContain('500 Internal Server Error')
    })

    it('that was thrown', async () => {
      const { errors } = await failing(() => {
        throw boom()
      })
      expect(errors).toMatchObject([{ ...expected, status_code: 500 }])
    })

    it('that was passed on from a stream', async () => {
      const { errors, received } = await failing((_req, res, next) => {
        const source = new Readable({
          read() {
            this.destroy(boom())
          },
        })
        source.on('error', next).pipe(res)
      })
      expect(errors).toMatchObject([{ ...expected, status_code: 500 }])
      expect(received).toContain('500 Internal Server Error')
    })

    it('that came after the headers were sent', async () => {
      const { errors, received } = await failing(async (_req, res, next) => {
        res.write('half')
        await delay(5)
        next(boom())
      })
      expect(errors).toMatchObject([
        { ...expected, message: 'Request aborted', status_code: 200, aborted_by: 'server' },
      ])
      expect(received).toContain('200 OK')
    })

    it('that cut a pipeline', async () => {
      const { errors } = await failing((_req, res) => {
        async function* source() {
          yield 'x'
          await delay(5)
          throw boom()
        }
        pipeline(Readable.from(source()), res, () => {})
      })
      expect(errors).toMatchObject([{ ...expected, message: 'Request aborted', status_code: 200 }])
    })

    it('that is the reset of another connection', async () => {
      const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
      const { end } = await failing((_req, res) => {
        res.write('half')
        setTimeout(() => res.destroy(reset), 5)
      })
      expect(end).toMatchObject({ level: 'ERROR', aborted_by: 'server', error: 'read ECONNRESET', status_code: 200 })
    })

    it.skipIf(name === 'Express 4')('that was thrown in an async handler', async () => {
      const { errors, received } = await failing(async () => {
        await delay(1)
        throw boom()
      })
      expect(errors).toMatchObject([{ ...expected, status_code: 500 }])
      expect(received).toContain('500 Internal Server Error')
    })

    it('that is no Error', async () => {
      const { errors } = await failing((_req, _res, next) => next('just text'))
      expect(errors).toMatchObject([{ error: 'just text', error_type: 'string', status_code: 500 }])
    })
  })

  it("logs an error that is the client's at WARN, with the error", async () => {
    const { recorder, url } = await serve(express, (app) => app.use(express.json()))
    const response = await fetch(url, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })
    expect(response.status).toBe(400)
    const end = await recorder.end()
    expect(end).toMatchObject({ level: 'WARN', status_code: 400, error_type: 'SyntaxError' })
  })

  it('leaves the handling of errors to the application', async () => {
    const recorder = new Recorder()
    const app = express()
    app.use(requestLogger(recorder.log))
    app.get('/', (_req, _res, next) => next(new Error('boom')))
    app.use(errorLogger(recorder.log))
    app.use(((error, _req, res, _next) => {
      res.status(418).json({ told: error.message })
    }) as express5.ErrorRequestHandler)
    const { url } = await listen(createServer(app))
    const response = await fetch(url)
    expect(await response.json()).toEqual({ told: 'boom' })
    expect(await recorder.end()).toMatchObject({ status_code: 418, error: 'boom' })
  })

  it('logs an error at once where no request logger went before', async () => {
    const recorder = new Recorder()
    const app = express()
    app.get('/x', (_req, _res, next) => next(new Error('boom')))
    app.use(errorLogger(recorder.log))
    app.set('env', 'test')
    const { url } = await listen(createServer(app))
    await fetch(`${url}/x?a=1`)
    expect(recorder.lines()).toMatchObject([{ level: 'ERROR', message: 'Request failed', path: '/x', error: 'boom' }])
  })

  it('counts once when it is mounted twice', async () => {
    const { recorder, url } = await serve(express, (app, { log }) => {
      app.use(requestLogger(log))
      app.get('/', (_req, res) => res.end() as never)
    })
    await fetch(url)
    await recorder.end()
  })

  it("tells the client's address by the trust proxy setting", async () => {
    const { recorder, url } = await serve(express, (app) => {
      app.set('trust proxy', 1)
      app.get('/', (_req, res) => res.end() as never)
    })
    await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' } })
    expect((await recorder.end()).remote_addr).toBe('198.51.100.7')
  })

  it.each([
    ['json', 'application/json', '{"a":1,"password":"hunter2"}', { a: 1, password: '***REDACTED***' }],
    ['urlencoded', 'application/x-www-form-urlencoded', 'a=1&password=hunter2', { a: '1', password: '***REDACTED***' }],
  ] as const)('logs a body of %s that is asked for, redacted', async (_kind, type, body, logged) => {
    const recorder = new Recorder()
    const app = express()
    app.use(requestLogger(recorder.log, { logBody: true }))
    app.use(express.json(), express.urlencoded({ extended: false }))
    app.post('/', (_req, res) => res.end() as never)
    const { url } = await listen(createServer(app))
    await fetch(url, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await recorder.end()).body).toEqual(logged)
    expect(recorder.destination.lines.join()).not.toContain('hunter2')
  })

  it('only measures a body that is too large', async () => {
    const recorder = new Recorder()
    const app = express()
    app.use(requestLogger(recorder.log, { logBody: { maxBytes: 10 } }), express.text())
    app.post('/', (_req, res) => res.end() as never)
    const { url } = await listen(createServer(app))
    await fetch(url, { method: 'POST', body: 'x'.repeat(11) })
    expect((await recorder.end()).body).toBe('[11 bytes, not logged]')
  })

  it('logs one line for a client that leaves during a parsed upload', async () => {
    const { recorder, port } = await serve(express, (app) => {
      app.use(express.json())
      app.post('/', (_req, res) => res.end() as never)
    })
    const headers = ['Content-Type: application/json', 'Content-Length: 1000']
    const socket = await connection(port, request('POST', '/', headers, '{"a":'))
    await recorder.started()
    await delay(20)
    socket.destroy()
    const end = await recorder.end()
    expect(end).toMatchObject({ message: 'Request aborted', level: 'WARN', aborted: true, request_bytes: 5 })
    expect(recorder.lines()).toHaveLength(2)
  })

  describe('holds the context', () => {
    const form = () => {
      const data = new FormData()
      data.set('name', 'x'.repeat(200_000))
      data.set('file', new Blob(['y'.repeat(300_000)]), 'file.txt')
      return data
    }
    const onEnd: express5.RequestHandler = (req, _res, next) => {
      req.resume().on('end', () => next())
    }
    const sent: Record<string, [express5.RequestHandler, RequestInit]> = {
      json: [
        express.json({ limit: '1mb' }),
        { body: JSON.stringify(['x'.repeat(500_000)]), headers: { 'content-type': 'application/json' } },
      ],
      urlencoded: [
        express.urlencoded({ extended: true, limit: '1mb' }),
        { body: new URLSearchParams({ a: 'x'.repeat(500_000) }) },
      ],
      'multer in memory': [multer().any() as never, { body: form() }],
      'multer on disk': [multer({ dest: process.env.TMPDIR ?? '/tmp' }).any() as never, { body: form() }],
      'a parser that continues from the end event': [onEnd, { body: 'x'.repeat(500_000) }],
    }
    it.each(Object.entries(sent))('after %s', async (_parser, [parser, init]) => {
      const { recorder, url } = await serve(express, (app) => {
        app.post('/', parser, (_req, res) => {
          res.json({ id: context.get('request_id') })
        })
      })
      const ids = Array.from({ length: 8 }, (_, i) => `req-${i}`)
      const answers = await Promise.all(
        ids.map(async (id) => {
          const headers = { ...(init.headers as object), 'x-request-id': id }
          return ((await (await fetch(url, { ...init, method: 'POST', headers })).json()) as { id: string }).id
        }),
      )
      expect(answers).toEqual(ids)
      await recorder.ends(8)
      const mine = (line: Line) => line.message === 'Request completed' && line.status_code === 200
      expect(recorder.lines().filter(mine)).toHaveLength(8)
    })
  })
})
