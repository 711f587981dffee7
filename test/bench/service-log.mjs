/** A log as three services write it together, for the command line to read. */
import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'

/** Writes requests of four lines or five, so many bytes of them; the id of the last is kept beside the file. */
export function writeLog(path, size) {
  const file = openSync(path, 'w')
  let [written, requests, id] = [0, 0, '']
  while (written < size) {
    let text = ''
    for (let i = 0; i < 1000; i++, requests++) {
      id = randomUUID()
      text += linesOf(requests, id)
    }
    written += writeSync(file, text)
  }
  closeSync(file)
  writeFileSync(`${path}.id`, id)
}

/** An id that `writeLog` wrote at the end. */
export function lastIdOf(path) {
  return readFileSync(`${path}.id`, 'utf8')
}

const START = Date.parse('2024-01-22T10:15:23.120Z')

function linesOf(request, id) {
  const ids = { request_id: id, trace_id: randomBytes(16).toString('hex'), span_id: randomBytes(8).toString('hex') }
  const place = { service: ['gateway', 'api', 'billing'][request % 3], version: '1.2.3', environment: 'production' }
  const path = `/users/${request}`
  const hasFailed = request % 50 === 0
  let [text, step] = ['', 0]
  const line = (level, message, fields) => {
    const timestamp = new Date(START + request * 5 + step++).toISOString()
    text += `${JSON.stringify({ timestamp, level, ...place, ...ids, message, ...fields })}\n`
  }
  line('INFO', 'Request started', { method: 'GET', path })
  line('INFO', 'Fetching user', { user_id: `user-${request % 5000}`, cached: request % 2 === 0 })
  line('DEBUG', 'Query done', { table: 'users', rows: request % 100, duration_ms: (request % 97) / 10 })
  if (hasFailed) {
    line('ERROR', 'Database connection failed', {
      error: 'connect ECONNREFUSED',
      error_type: 'DatabaseError',
      traceback: 'DatabaseError: connect ECONNREFUSED\n    at query (/app/db.js:10:5)',
    })
  }
  line('INFO', 'Request completed', {
    method: 'GET',
    path,
    route: '/users/:id',
    status_code: hasFailed ? 500 : 200,
    response_time_ms: (request % 997) / 10,
  })
  return text
}
