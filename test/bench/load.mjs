/**
 * Requests from a process of its own, so that what they cost is not counted: `load.mjs PORT PATH`. Told a number, it sends so
 * many over its connections, one after another on each, and says when all are answered.
 */
import { connect } from 'node:net'

const CONNECTIONS = 20
const [port, path] = process.argv.slice(2)
const REQUEST = `GET ${path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64)\r\naccept: application/json\r\n\r\n`

let left = 0
let unanswered = 0

function send(socket) {
  if (left === 0) return
  left--
  socket.write(REQUEST)
}

const sockets = Array.from({ length: CONNECTIONS }, () => {
  const socket = connect(Number(port), '127.0.0.1')
  let received = ''
  socket.setNoDelay(true).on('data', (chunk) => {
    received += chunk.toString('latin1')
    const head = received.indexOf('\r\n\r\n')
    if (head < 0 || received.length < head + 4 + Number(/content-length: (\d+)/i.exec(received)[1])) return
    if (!received.startsWith('HTTP/1.1 200')) throw new Error(received.slice(0, 200))
    received = ''
    unanswered--
    if (unanswered === 0) process.send('answered')
    else send(socket)
  })
  return socket
})

process.on('message', (requests) => {
  left = requests
  unanswered = requests
  for (const socket of sockets) send(socket)
})
process.on('disconnect', () => process.exit())
