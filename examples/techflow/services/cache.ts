import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { withRequestLogging } from '@throughline/http'
import { teamLogger } from './logger.ts'
import { serve } from './serve.ts'

const log = teamLogger('cache')
const entries = new Map<string, string>()

const server = createServer(
  withRequestLogging(
    log,
    async (req, res) => {
      if (req.url === '/healthz') return res.end('ok')
      const key = req.url?.replace('/entries/', '') ?? ''
      if (req.method === 'PUT') {
        entries.set(key, await text(req))
        return res.writeHead(204).end()
      }
      const entry = entries.get(key)
      log.debug(entry === undefined ? 'Miss' : 'Hit', { key })
      // A miss is no error: 204, not 404.
      return entry === undefined ? res.writeHead(204).end() : res.end(entry)
    },
    { ignore: '/healthz', route: () => '/entries/:key' },
  ),
)

serve(server, 8083, log)
