/** A log line's fields, with the names of the line that throughline writes whatever logger wrote it. */
export type LogRecord = Readonly<Record<string, unknown>>

/** The fields of a line; `undefined` when it is no JSON object. */
export function parseRecord(text: string): LogRecord | undefined {
  const fields = parseObject(text)
  return fields === undefined ? undefined : recordOf(fields)
}

/** The object that a line of JSON holds, with the names it has there. */
export function parseObject(text: string): LogRecord | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(text) as LogRecord
  } catch {
    return undefined
  }
}

/** pino's and bunyan's numbers. */
const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
}

/** A record of our own passes as it is; one of pino's, bunyan's or a similar logger's gets our names. */
export function recordOf(fields: LogRecord): LogRecord {
  const { timestamp, level, message } = fields
  if (
    typeof timestamp === 'string' &&
    typeof message === 'string' &&
    typeof level === 'string' &&
    /^[A-Z]+$/.test(level)
  )
    return fields
  const time = timestamp ?? fields.time ?? fields['@timestamp'] ?? fields.ts
  const named = level ?? fields.severity ?? fields['log.level']
  const record: Record<string, unknown> = {}
  if (time !== undefined) record.timestamp = isoTime(time)
  if (named !== undefined) record.level = levelName(named)
  const isBunyan = fields.v === 0 && fields.msg !== undefined
  const service = fields.service ?? (isBunyan || typeof level === 'number' ? fields.name : undefined)
  if (service !== undefined) record.service = service
  record.message = message ?? fields.msg ?? ''
  for (const name in fields) {
    if (TAKEN.has(name) || (name === 'name' && service === fields.name)) continue
    if (typeof level === 'number' && NOISE.has(name)) continue
    place(record, name, fields[name], typeof level === 'number')
  }
  return record
}

const TAKEN = new Set(['timestamp', 'time', '@timestamp', 'ts', 'level', 'severity', 'log.level', 'service', 'message'])
/** The same on every line of a process. */
const NOISE = new Set(['pid', 'hostname', 'v', 'msg'])

function place(record: Record<string, unknown>, name: string, value: unknown, isPino: boolean): void {
  if (name === 'msg' && record.message === value) return
  if (isPino && name === 'err' && isObject(value)) {
    record.error = value.message ?? value.msg ?? ''
    if (value.type !== undefined || value.name !== undefined) record.error_type = value.type ?? value.name
    if (value.stack !== undefined) record.traceback = value.stack
    if (value.code !== undefined) record.error_code = value.code
  } else if (isPino && name === 'reqId') record.request_id = value
  else if (isPino && name === 'responseTime') record.response_time_ms = value
  else if (isPino && name === 'req' && isObject(value)) placeRequest(record, value)
  else if (isPino && name === 'res' && isObject(value)) record.status_code = value.statusCode
  else record[name] = value
}

/** What pino-http, Fastify and bunyan's serializers say of a request. */
function placeRequest(record: Record<string, unknown>, { id, method, url }: LogRecord): void {
  if (id !== undefined) record.request_id ??= id
  if (method !== undefined) record.method = method
  if (typeof url === 'string') record.path = url.split('?', 1)[0]
}

function levelName(level: unknown): string {
  if (typeof level === 'number') return LEVEL_NAMES[level] ?? String(level)
  return String(level).toUpperCase()
}

/** A number of milliseconds since the epoch, or of seconds where it would be 1970, as our timestamps are. */
function isoTime(time: unknown): unknown {
  if (typeof time !== 'number') return time
  const date = new Date(time < 1e11 ? time * 1000 : time)
  return Number.isNaN(date.getTime()) ? time : date.toISOString()
}

function isObject(value: unknown): value is LogRecord {
  return typeof value === 'object' && value !== null
}
