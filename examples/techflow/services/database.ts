import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { address } from './serve.ts'

/** How long the database counts for the sales report. */
const REPORT_MS = 1000

/** Stands for a database that was bought: it has a port and data, and knows nothing of request ids. */
const server = createServer(async (req, res) => {
  const [, table, id] = req.url?.split('/') ?? []
  if (table === 'reports') await delay(REPORT_MS)
  res.end(JSON.stringify(rowOf(table, id)))
})

function rowOf(table: string | undefined, id: string | undefined): unknown {
  if (table === 'accounts') return { id, password: `${id}: correct horse battery staple` }
  if (table === 'products') return { id, price: 12 }
  return { sold: 4211 }
}

server.listen(address(8084))
process.once('SIGTERM', () => server.close())
