/**
 * Prints which source files of the packages one warm call runs through, by V8's precise coverage: `executed.mjs line` for one
 * log line, `executed.mjs request` for an Express request with its two lines. The packages are used as built; the built files
 * name their sources.
 */
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { Session } from 'node:inspector/promises'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'

const WARM = 50
const MEASURED = 5

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })

const { createLogger, file } = await import('throughline')
const log = createLogger({ service: 'api-service', env: {}, destination: file(devNull) })
const call = process.argv[2] === 'request' ? await oneRequest() : oneLine

for (let i = 0; i < WARM; i++) await call()
let common
for (let i = 0; i < MEASURED; i++) {
  await session.post('Profiler.takePreciseCoverage')
  await call()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const now = new Set(result.flatMap(executed))
  // What only some of the calls run is a timer's or a cache's.
  common = common === undefined ? now : new Set([...common].filter((path) => now.has(path)))
}
console.log(JSON.stringify([...common].sort()))
process.exit()

/** A line, and the turn of the event loop at whose end it is written. */
async function oneLine() {
  log.info('Fetching user', { user_id: 1 })
  await new Promise((resolve) => setTimeout(resolve, 10))
}

async function oneRequest() {
  const { default: express } = await import('express')
  const { requestLogger } = await import('@throughline/express')
  const app = express()
  app.use(requestLogger(log))
  app.get('/users/:id', (_, response) => response.end('ok'))
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const agent = new http.Agent({ keepAlive: true })
  const { port } = server.address()
  return () =>
    new Promise((resolve, reject) => {
      http
        .get({ port, path: '/users/1', agent }, (response) => {
          response.resume().on('end', () => setTimeout(resolve, 20))
        })
        .on('error', reject)
    })
}

/** The sources of a script of which a function ran since coverage was last taken, as `core/src/encode/line.ts`. */
function executed({ url, functions }) {
  const [, name] = /\/packages\/([^/]+)\/dist\//.exec(url) ?? []
  if (name === undefined) return []
  const marks = [...readFileSync(fileURLToPath(url), 'utf8').matchAll(/^\/\/ (src\/\S+)$/gm)]
  return functions.flatMap(({ functionName, ranges: [{ startOffset, count }] }) => {
    const isModule = functionName === '' && startOffset === 0
    const mark = marks.findLast(({ index }) => index <= startOffset)
    return count === 0 || isModule || mark === undefined ? [] : [`${name}/${mark[1]}`]
  })
}
