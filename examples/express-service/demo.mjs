/**
 * Starts the service as a process of its own, sends it real requests, ends it with SIGTERM, and then asks its log what a
 * person would ask. Exits with 0 only when every answer is right.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const records = []
const child = spawn(process.execPath, [new URL('server.mjs', import.meta.url).pathname], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { PATH: process.env.PATH, LOG_LEVEL: 'info,db=debug', POD_NAME: 'api-7d9f', NODE_ENV: 'production' },
})
const lines = createInterface({ input: child.stdout })
const listening = new Promise((resolve) => {
  lines.on('line', (line) => {
    console.log(line.length > 400 ? `${line.slice(0, 400)}…` : line)
    const record = JSON.parse(line)
    records.push(record)
    if (record.message === 'Listening') resolve(record.port)
  })
})

const base = `http://127.0.0.1:${await listening}`
const get = (path, id) => fetch(base + path, { headers: { 'x-request-id': id } }).then((response) => response.text())
await Promise.all([
  get('/users/ada', 'req-1'),
  get('/users/grace', 'req-2'),
  get('/users/nobody', 'req-3'),
  fetch(`${base}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'req-4' },
    body: JSON.stringify({ user: 'ada', password: 'correct horse battery staple' }),
  }),
])
child.kill('SIGTERM')
await once(child, 'close')

const of = (id) => records.filter((record) => record.request_id === id)
const failure = of('req-3').find((record) => record.level === 'ERROR')
const answers = {
  'every request has its start and its end': ['req-1', 'req-2', 'req-3', 'req-4'].every(
    (id) => of(id)[0]?.message === 'Request started' && of(id).at(-1)?.message === 'Request completed',
  ),
  "each line is its own request's": of('req-2').every(({ user_id }) => user_id === undefined || user_id === 'grace'),
  'the failure says which user, which pod and what failed':
    failure?.user_id === 'nobody' &&
    failure.pod === 'api-7d9f' &&
    failure.error_type === 'DatabaseConnectionError' &&
    failure.route === '/users/:id',
  'and what caused it': failure?.traceback.includes('Caused by: Error: connect ECONNREFUSED') === true,
  'no password in any line': !JSON.stringify(records).includes('correct horse'),
}
console.log()
for (const [question, isTrue] of Object.entries(answers)) console.log(`${isTrue ? 'yes' : 'NO '}  ${question}`)
process.exitCode = Object.values(answers).every(Boolean) ? 0 : 1
