import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { errorLogger, requestLogger } from '@throughline/express'
import { noteError, withRequestLogging } from '@throughline/http'
import express5 from 'express'
import express4 from 'express-4'
import { describe, expect, it } from 'vitest'
import { connection, frameworks, type Handler, type Line, listen, Recorder, request } from './rig.js'

/** What a client has of one response. */
interface Answer {
  readonly status: number | undefined
  readonly bytes: number
  readonly id: string | undefined
}

/** Sends one request, waits for the end of the connection, and reads what came. */
async function ask(port: number, method = 'GET', headers: readonly string[] = []): Promise<Answer> {
  const socket = await connection(port)
  // A character a byte.
  socket.setEncoding('latin1').write(request(method, '/', ['Connection: close', ...headers]))
  await once(socket, 'close')
  return answerOf(socket.received())
}

function answerOf(received: string): Answer {
  const at = received.indexOf('\r\n\r\n')
  const head = received.slice(0, at)
  const body = received.slice(at + 4)
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
  return {
    status: status === undefined ? undefined : Number(status),
    bytes: /^transfer-encoding: chunked/im.test(head) ? unchunked(body).length : body.length,
    id: /^x-request-id: (.*)$/im.exec(head)?.[1],
  }
}

function unchunked(body: string): string {
  const size = Number.parseInt(body, 16)
  if (!(size > 0)) return ''
  const start = body.indexOf('\r\n') + 2
  return body.slice(start, start + size) + unchunked(body.slice(start + size + 2))
}

const late = () => new RangeError('late')

describe.each(Object.entries(frameworks))('the last line of a request to %s', (_, serve) => {
  const answered = async (handler: Handler, method = 'GET') => {
    const recorder = new Recorder()
    const { port } = await serve(recorder.log, handler)
    const answer = await ask(port, method)
    return { answer, end: await recorder.end() }
  }

  it.each<[string, Handler, Line]>([
    [
      'a status set after the answer',
      (_req, res) => Object.assign(res.end('ok'), { statusCode: 404 }),
      { level: 'INFO' },
    ],
    [
      'an error after the answer',
      (_req, res) => {
        res.end('ok')
        noteError(late())
        res.statusCode = 500
      },
      { level: 'ERROR', error: 'late' },
    ],
    [
      'an error after an answer of 404',
      (_req, res) => {
        res.writeHead(404).end('no')
        noteError(late())
      },
      { level: 'ERROR', error: 'late', status_code: 404 },
    ],
    [
      'an error that 404 answers',
      (_req, res) => {
        noteError(late())
        res.writeHead(404).end('no')
      },
      { level: 'WARN', error: 'late', status_code: 404 },
    ],
    ['a status given to writeHead', (_req, res) => res.writeHead(201, 'Made').end('ok'), { status_code: 201 }],
    [
      'flushed headers',
      (_req, res) => {
        res.flushHeaders()
        Object.assign(res, { statusCode: 500 }).end('ok')
      },
      {},
    ],
    [
      'two ends',
      (_req, res) =>
        res
          .on('error', () => {})
          .end('first')
          .end('second'),
      { response_bytes: 5 },
    ],
    [
      'a write after the end',
      (_req, res) => {
        res.on('error', () => {}).end('ok')
        res.write('more')
      },
      {},
    ],
    [
      'several writes',
      (_req, res) => {
        res.write('äöü')
        res.write(Buffer.from('abc'))
        res.end('ff', 'hex')
      },
      {},
    ],
    ['204 with a body', (_req, res) => res.writeHead(204).end('ignored'), { response_bytes: 0 }],
    [
      '304 with a body',
      (_req, res) => {
        res.writeHead(304)
        res.write('ignored')
        res.end()
      },
      { response_bytes: 0 },
    ],
    [
      'an answer whose connection is cut after it',
      (req, res) => {
        res.end('ok')
        req.socket.destroy()
      },
      {},
    ],
  ])('is what the client read: %s', async (_what, handler, expected) => {
    const { answer, end } = await answered(handler)
    expect(end).toMatchObject({ message: 'Request completed', ...expected })
    expect([end.status_code, end.response_bytes]).toEqual([answer.status, answer.bytes])
  })

  it('has no bytes for HEAD', async () => {
    const { answer, end } = await answered((_req, res) => {
      res.write('computed')
      res.end('more')
    }, 'HEAD')
    expect([end.status_code, end.response_bytes]).toEqual([answer.status, answer.bytes])
  })

  it('has the status that was sent, and no bytes, for a stream that fails midway', async () => {
    const { answer, end } = await answered((_req, res) => {
      const source = Readable.from(
        (async function* () {
          yield 'x'.repeat(100)
          await delay(10)
          throw late()
        })(),
      )
      source.once('error', (error) => {
        noteError(error)
        res.statusCode = 500
        res.destroy()
      })
      source.pipe(res)
    })
    expect(end).toMatchObject({ level: 'ERROR', aborted: true, aborted_by: 'server', status_code: 200, error: 'late' })
    expect(end).not.toHaveProperty('response_bytes')
    expect(answer).toMatchObject({ status: 200, bytes: 100 })
  })

  it('has neither for a response that is destroyed before the head leaves', async () => {
    const { answer, end } = await answered((_req, res) => {
      res.write('x')
      res.destroy()
    })
    expect(answer.status).toBeUndefined()
    expect(end).toMatchObject({ message: 'Request aborted', aborted: true })
    expect(end).not.toHaveProperty('status_code')
    expect(end).not.toHaveProperty('response_bytes')
  })

  it('has zero bytes for one that was destroyed before anything was written', async () => {
    const { answer, end } = await answered((_req, res) => res.destroy())
    expect(answer.status).toBeUndefined()
    expect(end).toMatchObject({ aborted: true, response_bytes: 0 })
    expect(end).not.toHaveProperty('status_code')
  })

  it('claims no bytes that a client has not taken', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder.log, (_req, res) => res.end(Buffer.alloc(40_000_000)))
    const socket = await connection(port, request('GET', '/'))
    socket.pause()
    await delay(50)
    socket.resetAndDestroy()
    const end = await recorder.end()
    expect(end).toMatchObject({ message: 'Request aborted', aborted: true, status_code: 200 })
    expect(end).not.toHaveProperty('response_bytes')
  })

  it.each(['destroy', 'resetAndDestroy', 'end'] as const)(
    'has no status for one left in the queue: %s',
    async (how) => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, (req, res) => {
        if (req.url === '/queued') res.end('7 bytes')
      })
      const socket = await connection(port, request('GET', '/never') + request('GET', '/queued'))
      await recorder.started(2)
      await delay(20)
      socket[how]()
      const ends = await recorder.ends(2)
      expect(socket.received()).toBe('')
      for (const end of ends) {
        expect(end).toMatchObject({ message: 'Request aborted', aborted: true })
        expect(end).not.toHaveProperty('status_code')
      }
      expect(ends.find(({ path }) => path === '/queued')).not.toHaveProperty('response_bytes')
      expect(ends.find(({ path }) => path === '/never')).toMatchObject({ response_bytes: 0 })
    },
  )

  it('is counted as aborted in the summary', async () => {
    const recorder = new Recorder({ sampling: { success: 1, summaryInterval: 20 } })
    const { port } = await serve(recorder.log, (_req, res) => {
      res.write('x')
      setTimeout(() => res.destroy(), 5)
    })
    await ask(port)
    await recorder.ends()
    while (recorder.lines('Request summary').length === 0) await delay(5)
    expect(recorder.lines('Request summary')).toMatchObject([{ status_class: 'aborted', count: 1 }])
    await recorder.log.close()
  })

  it.each<[string, Handler]>([
    ['end', (_req, res) => res.end('x')],
    [
      'write',
      (_req, res) => {
        res.write('x')
        res.end()
      },
    ],
    ['writeHead', (_req, res) => res.writeHead(500, { 'content-type': 'text/plain' }).end('x')],
    ['writeHead with a list', (_req, res) => res.writeHead(500, ['content-type', 'text/plain']).end('x')],
    [
      'flushHeaders',
      (_req, res) => {
        res.flushHeaders()
        res.end()
      },
    ],
  ])('has the id that the response has, whose headers were removed before: %s', async (_how, handler) => {
    const { answer, end } = await answered((req, res) => {
      for (const name of res.getHeaderNames()) res.removeHeader(name)
      handler(req, res)
    })
    expect(answer.id).toBe(end.request_id)
  })

  it('has the response header that the application has replaced', async () => {
    const { answer } = await answered((_req, res) => res.writeHead(200, { 'X-Request-Id': 'mine' }).end())
    expect(answer.id).toBe('mine')
  })

  it('tells of something thrown that is no Error', async () => {
    for (const [thrown, fields] of [
      ['text', { error: 'text', error_type: 'string' }],
      [7, { error: '7', error_type: 'number' }],
      [
        { a: 1, password: 'hunter2' },
        { error: 'thrown: object', error_type: 'object', error_details: { a: 1 } },
      ],
    ] as const) {
      const { end } = await answered((_req, res) => {
        noteError(thrown)
        res.end()
      })
      expect(end).toMatchObject(fields)
      expect(end).not.toHaveProperty('thrown')
      expect(JSON.stringify(end)).not.toContain('hunter2')
    }
  })
})

/** Puts something before a framework's server sees a request. */
function before(prepare: (req: object, res: ServerResponse) => void, listener: RequestListener): RequestListener {
  return (req, res) => {
    prepare(req, res)
    listener(req, res)
  }
}

describe.each(Object.entries(frameworks))('an id that the application has put before %s', (_, serve) => {
  it.each<[string, (req: object, res: ServerResponse) => void, string | undefined]>([
    ['on the request', (req) => Object.assign(req, { id: 'app-1' }), 'app-1'],
    ['on the response', (_req, res) => res.setHeader('X-Request-ID', 'app-2'), 'app-2'],
    ['on neither', () => {}, 'req-1'],
    ['on the request, unfit', (req) => Object.assign(req, { id: 'a b' }), 'req-1'],
    ['on the request, as another type', (req) => Object.assign(req, { id: { a: 1 } }), 'req-1'],
    ['on the response, unfit', (_req, res) => res.setHeader('X-Request-ID', 'a b'), 'req-1'],
  ])('%s', async (_where, prepare, expected) => {
    const recorder = new Recorder()
    const { server, port } = await serve(recorder.log, (req, res) => res.end(req.id))
    const [listener] = server.listeners('request') as RequestListener[]
    server.removeAllListeners('request').on('request', before(prepare, listener as RequestListener))
    const answer = await ask(port, 'GET', ['X-Request-ID: req-1'])
    const end = await recorder.end()
    // An unfit one on the response is the application's own to answer with.
    if (answer.id !== 'a b') expect(answer.id).toBe(expected)
    expect([end.request_id, recorder.lines('Request started')[0]?.request_id]).toEqual([expected, expected])
  })
})

describe('copies of an adapter', () => {
  const require = createRequire(import.meta.url)
  const cjsExpress = require('@throughline/express') as typeof import('@throughline/express')
  const cjsHttp = require('@throughline/http') as typeof import('@throughline/http')

  it.each([
    ['Express 4', express4 as unknown as typeof express5],
    ['Express 5', express5],
  ])('write one pair of lines on %s', async (_name, express) => {
    const recorder = new Recorder()
    const app = express()
    expect(cjsExpress.requestLogger).not.toBe(requestLogger)
    app.use(requestLogger(recorder.log), cjsExpress.requestLogger(recorder.log))
    app.get('/', (req, res) => res.end(req.id) as never)
    app.get('/fails', (_req, _res, next) => next(late()))
    app.use(cjsExpress.errorLogger(recorder.log), errorLogger(recorder.log))
    app.set('env', 'test')
    const { url } = await listen(createServer(app))
    const response = await fetch(url)
    const end = await recorder.end()
    expect([await response.text(), response.headers.get('x-request-id')]).toEqual([end.request_id, end.request_id])
    await fetch(`${url}/fails`)
    expect((await recorder.ends(2))[1]).toMatchObject({ status_code: 500, error: 'late' })
    expect(recorder.lines()).toHaveLength(4)
  })

  it('write one pair on node:http, and note errors on it', async () => {
    const recorder = new Recorder()
    const handler = cjsHttp.withRequestLogging(recorder.log, (req, res) => {
      cjsHttp.noteError(late())
      res.end(req.id)
    })
    const { url } = await listen(createServer(withRequestLogging(recorder.log, handler as never) as RequestListener))
    const id = await (await fetch(url)).text()
    expect(await recorder.end()).toMatchObject({ request_id: id, error: 'late' })
  })

  it('write one pair where adapters stand within each other', async () => {
    const recorder = new Recorder()
    const app = express5()
    app.use(requestLogger(recorder.log))
    app.get('/', (req, res) => res.end(req.id) as never)
    const { url } = await listen(createServer(withRequestLogging(recorder.log, app as never) as RequestListener))
    const id = await (await fetch(url)).text()
    expect(await recorder.end()).toMatchObject({ request_id: id })
  })

  it('write none for a request that one of them ignores', async () => {
    const recorder = new Recorder()
    const inner = cjsHttp.withRequestLogging(recorder.log, (req, res) => res.end(req.id))
    const outer = withRequestLogging(recorder.log, inner as never, { ignore: '/**' })
    const { url } = await listen(createServer(outer as RequestListener))
    await (await fetch(url)).text()
    await delay(10)
    expect(recorder.lines()).toEqual([])
  })
})

describe.each([
  ['Express 4', express4 as unknown as typeof express5],
  ['Express 5', express5],
])('%s', (_, express) => {
  it('with the usual error handler logs the 200 that the client has, at ERROR', async () => {
    const recorder = new Recorder()
    const app = express()
    app.use(requestLogger(recorder.log))
    app.get('/', (_req, res, next) => {
      res.json({ ok: 1 })
      next(late())
    })
    app.use(errorLogger(recorder.log))
    app.use(((_error, _req, res, _next) => {
      res.status(500).json({ error: 'internal' })
    }) as express5.ErrorRequestHandler)
    app.set('env', 'test')
    const { port } = await listen(createServer(app))
    const answer = await ask(port)
    const end = await recorder.end()
    expect(answer).toMatchObject({ status: 200, bytes: 8 })
    expect(end).toMatchObject({ message: 'Request completed', level: 'ERROR', error: 'late' })
    expect([end.status_code, end.response_bytes]).toEqual([200, 8])
  })
})
