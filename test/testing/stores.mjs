// Loki and an OTLP collector in a process of their own, so that they answer while a destination writes without a turn of
// the event loop. The parent gets the addresses, and on a message the lines that came under a run's name.
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { LokiServer } from '../shipping/loki-server.ts'

const loki = await LokiServer.start()
/** Lines by the first part of the path that they came to. */
const collected = {}

const collector = createServer(async (request, response) => {
  const bytes = await buffer(request)
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
  const [, run] = request.url.split('/')
  collected[run] ??= []
  collected[run].push(...linesOf(JSON.parse(body.toString())))
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
}).listen(0, '127.0.0.1', () => {
  process.send({ loki: loki.url, otlp: `http://127.0.0.1:${collector.address().port}` })
})

function linesOf({ resourceLogs }) {
  const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
  return records.map(({ attributes }) => {
    const fields = attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)])
    return JSON.stringify(Object.fromEntries(fields))
  })
}

process.on('message', (run) => {
  const stored = loki.entries.filter(({ labels }) => labels.run === run).map(({ line }) => line)
  process.send({ lines: collected[run] ?? stored })
})
