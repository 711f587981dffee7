/**
 * One service of a chain, on plain node:http. Arguments: its name, its log file, the port of the next service (0 for the
 * last). It tells its own port by IPC, and ends when told to.
 */
import { Agent, request as call, createServer } from 'node:http'
import { createLogger, file } from 'throughline'

const [name, path, nextPort] = process.argv.slice(2)
const log = createLogger({
  service: name,
  env: {},
  destination: file(path),
  sampling: { success: 0.01, keep: { slowerThanMs: 40 } },
})
const agent = new Agent({ keepAlive: true, maxSockets: 50 })

function forward(request_id, target) {
  return new Promise((resolve, reject) => {
    const options = { port: nextPort, host: '127.0.0.1', path: target, agent, headers: { 'x-request-id': request_id } }
    call(options, (response) => response.resume().on('end', () => resolve(response.statusCode)))
      .on('error', reject)
      .end()
  })
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const server = createServer((request, response) => {
  const started = performance.now()
  const path = request.url.split('?')[0]
  const request_id = request.headers['x-request-id']
  const operation = log.begin({ name: 'request', kind: 'request', method: 'GET', path, fields: { request_id } })
  operation.run(async () => {
    log.info('Request started', { path })
    const wanted = new URL(request.url, 'http://localhost').searchParams
    if (wanted.get('slow') === name) await wait(50)
    log.info('Working', { detail: { of: name } })
    const status = nextPort === '0' ? 200 : await forward(request_id, request.url)
    response.statusCode = wanted.get('fail') === name ? 500 : status >= 500 ? 502 : 200
    response.end()
    const durationMs = performance.now() - started
    const failed = response.statusCode >= 500
    operation.end({
      message: 'Request completed',
      level: failed ? 'error' : 'info',
      fields: { path, status_code: response.statusCode, response_time_ms: durationMs },
      failed,
      durationMs,
      status: response.statusCode,
      route: path,
    })
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('message', () => {
  server.close()
  server.closeAllConnections()
  agent.destroy()
  log.close().then(() => process.disconnect())
})
