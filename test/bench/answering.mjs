/** A server for the client that is measured, in a process of its own. */
import { createServer } from 'node:http'

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"id":7}')
}).listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
