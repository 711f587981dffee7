/** A server for the client that is measured, in a process of its own. It stays awake while requests come. */
import { createServer } from 'node:http'
import { stayAwake } from './awake.mjs'

/** Longer than any pause within a round. */
const PAUSE_MS = 50

let isAwake = false
let lastAt = 0

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"id":7}')
  lastAt = performance.now()
  if (isAwake) return
  isAwake = true
  stayAwake(() => {
    isAwake = performance.now() - lastAt < PAUSE_MS
    return isAwake
  })
}).listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
