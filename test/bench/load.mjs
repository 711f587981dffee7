/**
 * Requests from a process of its own, so that what they cost is not counted: `load.mjs PORT PATH`. Told a number, it sends so
 * many over its connections, one after another on each, and says when all are answered.
 */
import { connect } from 'node:net'
import { stayAwake } from './awake.mjs'

const CONNECTIONS = 20
const [port, path] = process.argv.slice(2)
// As a browser's `fetch` comes in through a proxy.
const REQUEST = `GET ${path} HTTP/1.1\r
Host: shop.example\r
Connection: keep-alive\r
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r
Accept: application/json\r
Accept-Encoding: gzip, deflate, br, zstd\r
Accept-Language: en-GB,en;q=0.9\r
Referer: https://shop.example/account\r
Sec-Fetch-Dest: empty\r
Sec-Fetch-Mode: cors\r
Sec-Fetch-Site: same-origin\r
X-Forwarded-For: 203.0.113.7\r
X-Forwarded-Proto: https\r
\r
`

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
  socket.on('close', () => {
    if (unanswered > 0) throw new Error('the server has closed a connection')
  })
  return socket
})

process.on('message', (requests) => {
  left = requests
  unanswered = requests
  for (const socket of sockets) send(socket)
  stayAwake(() => unanswered > 0)
})
process.on('disconnect', () => process.exit())
