// What depends on the version of Node: contexts after parsers, and the ends of requests. Prints what it saw.
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import multipart from '@fastify/multipart'
import { requestLogger } from '@throughline/express'
import { requestLogger as fastifyLogger, fastifyOptions } from '@throughline/fastify'
import { withRequestLogging } from '@throughline/http'
import express from 'express'
import express4 from 'express-4'
import fastify from 'fastify'
import multer from 'multer'
import { context, createLogger, memory } from 'throughline'

const destination = memory()
const log = createLogger({ service: 'test', env: {}, destination })

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
}

const get = (path) => `GET ${path} HTTP/1.1\r\nHost: test\r\nX-Request-ID: ${path.slice(1)}\r\n\r\n`

async function ends(count) {
  const found = () => destination.records.filter(({ message }) => /^Request (completed|aborted)$/.test(message))
  while (found().length < count) await delay(5)
  await delay(20)
  const lines = found()
  destination.clear()
  return lines
}

/** Requests in one go, of which the second is never answered, on a connection that breaks. */
async function pipelined() {
  const handler = (req, res) => {
    if (req.url !== '/2') res.end('x')
  }
  const port = await listen(createServer(withRequestLogging(log, handler)))
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.write(['/1', '/2', '/3', '/4'].map(get).join(''))
  while (destination.records.filter(({ message }) => message === 'Request started').length < 4) await delay(5)
  await delay(30)
  socket.destroy()
  const lines = await ends(4)
  return lines.map(({ message, request_id, aborted_by }) => `${request_id} ${message} ${aborted_by ?? ''}`).sort()
}

/** How many of 40 uploads at once find their own id behind the parser. */
async function uploads(port) {
  const ids = Array.from({ length: 40 }, (_, i) => `upload-${i}`)
  const answers = await Promise.all(
    ids.map(async (id) => {
      const body = new FormData()
      body.set('file', new Blob(['y'.repeat(100_000)]), 'file.txt')
      const headers = { 'x-request-id': id }
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })).text()
    }),
  )
  await ends(40)
  return answers.filter((answer, i) => answer === ids[i]).length
}

async function withMulter(create) {
  const app = create()
  app.use(requestLogger(log))
  app.post('/', multer().any(), (_req, res) => res.end(String(context.get('request_id'))))
  return uploads(await listen(createServer(app)))
}

async function withMultipart() {
  const app = fastify(fastifyOptions(log))
  await app.register(fastifyLogger)
  await app.register(multipart)
  app.post('/', async (request) => {
    for await (const part of request.parts()) await part.toBuffer()
    return String(context.get('request_id'))
  })
  await app.ready()
  return uploads(await listen(app.server))
}

const seen = {
  pipelined: await pipelined(),
  express4: await withMulter(express4),
  express5: await withMulter(express),
  fastify: await withMultipart(),
}
console.log(JSON.stringify(seen))
process.exit()
