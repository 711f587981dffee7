import { readFormat } from 'throughline/internal'
import { numberOf } from './exact-number.js'
import { parseObject } from './json.js'
import { severityOf } from './severity.js'
import { timeOf } from './time.js'

/** A log line's fields, with the names of the line that throughline writes whatever logger wrote it. */
export type LogRecord = Readonly<Record<string, unknown>>

/** The fields of a line; `undefined` when it is no JSON object. */
export function parseRecord(text: string): LogRecord | undefined {
  const fields = parseObject(text)
  return fields === undefined ? undefined : recordOf(fields)
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

/**
 * A record with our names, whatever wrote it: of our own it is the object itself; of another format that we write, what that format's
 * table says; of pino, bunyan or a similar logger, what stands under their usual names.
 */
export function recordOf(fields: LogRecord): LogRecord {
  if (isOurs(fields) && fields.request_id !== undefined) return fields
  return readFormat(fields) ?? (isOurs(fields) ? fields : renamed(fields))
}

/** Whether a record says when it was written and how severe it is. What says neither is not understood, and proves nothing. */
export function isUnderstood({ timestamp, level }: LogRecord): boolean {
  return timeOf(timestamp) !== undefined && severityOf(level) !== undefined
}

function isOurs({ timestamp, level, message }: LogRecord): boolean {
  return (
    typeof timestamp === 'string' &&
    typeof message === 'string' &&
    typeof level === 'string' &&
    /^[A-Z]+$/.test(level) &&
    !isDigits(timestamp)
  )
}

function renamed(fields: LogRecord): LogRecord {
  const [time, level, message] = [TIMES, LEVELS, MESSAGES].map((names) =>
    names.find((name) => fields[name] !== undefined),
  )
  const isPino = typeof fields.level === 'number'
  const isBunyan = fields.v === 0 && fields.msg !== undefined
  const service = fields.service === undefined && (isPino || isBunyan) ? 'name' : 'service'
  const record: Record<string, unknown> = {}
  if (time !== undefined) record.timestamp = isoTime(fields[time])
  if (level !== undefined) record.level = levelName(fields[level])
  if (fields[service] !== undefined) record.service = fields[service]
  record.message = message === undefined ? '' : fields[message]
  for (const name in fields) {
    const isTaken = name === time || name === level || name === message || name === service
    if (!isTaken && !(isPino && NOISE.has(name))) place(record, name, fields[name], isPino)
  }
  return record
}

/** The usual names in other loggers: logrus, zap, zerolog, slog, python-json-logger, logback, Serilog. */
const TIMES = ['timestamp', 'time', '@timestamp', 'ts', 'date', 'asctime', '@t']
const LEVELS = ['level', 'severity', 'log.level', 'levelname', 'lvl', '@l']
const MESSAGES = ['message', 'msg', '@m', '@mt']
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
  else if (name !== '__proto__') record[name] = value
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

/** Text as it is, or a number since the epoch, of seconds, milliseconds, microseconds or nanoseconds: whichever is near the present. */
function isoTime(time: unknown): unknown {
  const number = typeof time === 'string' && isDigits(time) ? Number(time) : numberOf(time)
  if (number === undefined) return time
  const size = Math.abs(number)
  const ms = size < 1e11 ? number * 1000 : size < 1e14 ? number : size < 1e17 ? number / 1000 : number / 1e6
  const date = new Date(Math.round(ms))
  return Number.isNaN(date.getTime()) ? time : date.toISOString()
}

function isDigits(text: string): boolean {
  return text.charCodeAt(4) !== 0x2d && /^\d{9,19}(?:\.\d+)?$/.test(text)
}

function isObject(value: unknown): value is LogRecord {
  return typeof value === 'object' && value !== null
}
