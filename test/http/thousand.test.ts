import { EventEmitter, once } from 'node:events'
import { Agent, createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { requestLogger } from '@throughline/express'
import { requestLogger as fastifyLogger, fastifyOptions } from '@throughline/fastify'
import { withRequestLogging } from '@throughline/http'
import express5 from 'express'
import express4 from 'express-4'
import fastify from 'fastify'
import type { Logger } from 'throughline'
import { describe, expect, it } from 'vitest'
import { listen, onEnd, Recorder } from './rig.js'

const CONCURRENT = 1000

/** Logs after everything that a context could be lost in. `expected` is what the line's id must be. */
type Work = (log: Logger, expected: string) => Promise<void>
type Serve = (log: Logger, work: Work) => Promise<string>

const shared = new EventEmitter().setMaxListeners(0)

/** The work of one request. It goes on only when all of them are under way, so that they do run at once. */
function workTogether(): Work {
  let waiting: (() => void)[] = []
  const all = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (waiting.length < CONCURRENT) return
      for (const go of waiting) go()
      waiting = []
    })
  return async (log, expected) => {
    log.info('parsed', { expected })
    await all()
    log.info('together', { expected })
    await delay(Math.random() * 5)
    log.info('timer', { expected })
    for await (const part of Readable.from(['a', 'b'])) log.info('iterator', { expected, part })
    const piped = Readable.from(['c']).on('data', () => log.info('stream', { expected }))
    await once(piped, 'end')
    const heard = once(shared, expected)
    setImmediate(() => shared.emit(expected))
    await heard
    log.info('emitter', { expected })
  }
}
const LINES_OF_WORK = 7

/** Keeps connections for the second round, however long the first one takes. */
async function listenPatiently(server: Server): Promise<string> {
  server.keepAliveTimeout = 600_000
  return (await listen(server)).url
}

function serveExpress(express: typeof express5): Serve {
  return async (log, work) => {
    const app = express()
    app.use(requestLogger(log), express.json())
    app.post('/', (req, res, next) => {
      work(log, req.body.id).then(() => res.end(req.id), next)
    })
    return await listenPatiently(createServer(app))
  }
}

const frameworks: Readonly<Record<string, Serve>> = {
  'node:http': async (log, work) => {
    const handler = withRequestLogging(log, async (req, res) => {
      const { id } = (await json(req)) as { id: string }
      await work(log, id)
      res.end(req.id)
    })
    return await listenPatiently(createServer(handler as RequestListener))
  },
  'Express 4': serveExpress(express4 as unknown as typeof express5),
  'Express 5': serveExpress(express5),
  Fastify: async (log, work) => {
    const app = fastify({ ...fastifyOptions(log), forceCloseConnections: true })
    onEnd(() => app.close())
    await app.register(fastifyLogger)
    app.post<{ Body: { id: string } }>('/', async (request) => {
      await work(log, request.body.id)
      return request.id
    })
    await app.ready()
    return await listenPatiently(app.server)
  },
}

function post(url: string, agent: Agent, id: string): Promise<{ readonly answer: string; readonly reused: boolean }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'x-request-id': id }
    const req = request(url, { method: 'POST', agent, headers }, (res: IncomingMessage) => {
      let answer = ''
      res.setEncoding('utf8').on('data', (chunk) => {
        answer += chunk
      })
      res.on('end', () => resolve({ answer, reused: req.reusedSocket }))
    })
    req.on('error', reject)
    req.end(JSON.stringify({ id, padding: 'x'.repeat(2000) }))
  })
}

describe.each(Object.entries(frameworks))('%s, with 1,000 requests at once', (_, serve) => {
  it('puts no line under another id', async () => {
    const recorder = new Recorder()
    const url = await serve(recorder.log, workTogether())
    const agent = new Agent({ keepAlive: true, maxFreeSockets: CONCURRENT })
    onEnd(() => agent.destroy())
    const ids = (round: number) => Array.from({ length: CONCURRENT }, (_unused, i) => `round-${round}-req-${i}`)
    let reused = 0
    for (const round of [1, 2]) {
      const answers = await Promise.all(ids(round).map((id) => post(url, agent, id)))
      expect(answers.map(({ answer }) => answer)).toEqual(ids(round))
      reused = answers.filter((answer) => answer.reused).length
    }
    expect(reused).toBeGreaterThan(CONCURRENT * 0.9)
    await recorder.ends(2 * CONCURRENT)

    const lines = recorder.lines()
    const said = lines.filter(({ expected }) => expected !== undefined)
    expect(said).toHaveLength(2 * CONCURRENT * LINES_OF_WORK)
    expect(said.filter(({ expected, request_id }) => expected !== request_id)).toEqual([])
    // And nothing else: a pair of lines for each id, in the trace and span of its other lines.
    expect(lines).toHaveLength(2 * CONCURRENT * (LINES_OF_WORK + 2))
    const spans = new Map<unknown, Set<unknown>>()
    for (const { request_id, trace_id, span_id } of lines) {
      spans.set(request_id, (spans.get(request_id) ?? new Set()).add(`${trace_id} ${span_id}`))
    }
    expect(spans.size).toBe(2 * CONCURRENT)
    expect([...spans.values()].filter((of) => of.size !== 1)).toEqual([])
    expect(new Set([...spans.values()].flatMap((of) => [...of])).size).toBe(2 * CONCURRENT)
  })
})
