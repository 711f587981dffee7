/**
 * Calls a server of its own by the built-in fetch and by node:http, and prints what arrived and what was logged.
 * Arguments: `esm` or `cjs`, for how the packages are loaded; the undici whose Agent the built-in fetch is given.
 */
import { once } from 'node:events'
import http, { get as namedGet } from 'node:http'
import { createRequire } from 'node:module'

const [, , format, undiciName] = process.argv
const require = createRequire(import.meta.url)
const load = (name) => (format === 'cjs' ? require(name) : import(name))
const { context, createLogger, memory } = await load('throughline')
const { ownTraffic } = await load('throughline/destination')
const { installGlobal } = await load('@throughline/undici')
const { instrumentHttpClient } = await load('@throughline/http')

const rejections = []
process.on('unhandledRejection', (reason) => rejections.push(String(reason)))
let received = []
const server = http.createServer((req, res) => {
  received.push({ url: req.url, id: req.headers['x-request-id'] })
  if (req.url === '/cut') res.writeHead(200, { 'content-length': 10 }).write('half', () => res.destroy())
  else if (req.url === '/hang-up') res.destroy()
  else if (req.url === '/status') res.writeHead(503).end()
  else if (req.url !== '/never') res.end('done')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${server.address().port}`
const lines = memory()
const log = createLogger({ service: 'calls', env: {}, level: 'debug', destination: lines })

/** Runs a call in 80 contexts at once, and counts what went wrong. */
async function right(call) {
  received = []
  lines.clear()
  const ids = Array.from({ length: 80 }, (_, i) => `r-${i}`)
  await Promise.all(ids.map((request_id) => context.run({ request_id }, () => call(`${origin}/${request_id}`))))
  const arrived = received.filter(({ url, id }) => url === `/${id}`).length
  const logged = lines.records.filter(({ path, request_id }) => path === `/${request_id}`).length
  return { arrived, logged, lines: lines.records.length, received: received.length }
}

/** What is logged of a call that fails. */
async function failure(call) {
  lines.clear()
  await context.run({ request_id: 'r-1' }, call).catch(() => {})
  return lines.records.map(({ level, aborted = false, status_code = null }) => [level, aborted, status_code].join(' '))
}

const byFetch = async (url, options) => (await fetch(url, options)).text()
const httpBy = (get) => (url, options) =>
  new Promise((resolve, reject) => {
    let failed
    const request = get(url, options ?? {}, (res) => res.on('error', () => {}).resume())
    request.on('error', (error) => (failed = error))
    request.on('close', () => (failed === undefined ? resolve() : reject(failed)))
  })
// As an application's own function has it: the import is read at each call.
const byHttp = httpBy((...args) => namedGet(...args))
const free = http.createServer().listen(0, '127.0.0.1')
await once(free, 'listening')
const refused = `http://127.0.0.1:${free.address().port}`
free.close()
await once(free, 'close')

async function failures(call) {
  const controller = new AbortController()
  const cancelled = failure(() => call(`${origin}/never`, { signal: controller.signal }))
  while (received.at(-1)?.url !== '/never') await new Promise((resolve) => setTimeout(resolve, 1))
  controller.abort()
  return {
    cancelled: await cancelled,
    late: await failure(() => call(`${origin}/never`, { signal: AbortSignal.timeout(10) })),
    refused: await failure(() => call(refused)),
    status: await failure(() => call(`${origin}/status`)),
    cut: await failure(() => call(`${origin}/cut`)),
    hangUp: await failure(() => call(`${origin}/hang-up`)),
  }
}

const result = {}
const slots = [1, 2].map((n) => Symbol.for(`undici.globalDispatcher.${n}`))
void globalThis.Response
const present = slots.filter((slot) => globalThis[slot] !== undefined)
const before = present.map((slot) => globalThis[slot])
let undo = installGlobal({ log })
result.replaced = present.map((slot, i) => globalThis[slot] !== before[i])
result.imported = Object.keys(require.cache).filter((file) => /node_modules.undici/.test(file))
result.fetch = await right(byFetch)
result.fetchFailures = await failures(byFetch)
result.own = await right((url) => ownTraffic(() => byFetch(url)))
undo()
result.restored = present.map((slot, i) => globalThis[slot] === before[i])
result.undone = await right(byFetch)
const { Agent, setGlobalDispatcher } = await import(undiciName)
setGlobalDispatcher(new Agent({ connections: 2 }))
undo = installGlobal({ log })
result.twoConnections = await right(byFetch)
await globalThis[Symbol.for('undici.globalDispatcher.1')].close()
undo()

undo = instrumentHttpClient({ log })
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 })
result.http = await right((url) => byHttp(url, { agent }))
result.required = await right((url) => httpBy(require('node:http').get)(url, { agent }))
result.httpFailures = await failures(byHttp)
result.destroyed = await failure(() => {
  const request = namedGet(`${origin}/never`)
  request.on('socket', (socket) => socket.once('connect', () => setTimeout(() => request.destroy(), 5)))
  return once(request, 'close')
})
await new Promise((resolve) => setTimeout(resolve, 20))
result.destroyed = lines.records.map(({ level, aborted }) => `${level} ${aborted}`)
undo()
result.httpUndone = await right((url) => byHttp(url, { agent }))
agent.destroy()

await new Promise((resolve) => setImmediate(resolve))
console.log(JSON.stringify({ ...result, rejections }))
process.exit(0)
