import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { inspect } from 'node:util'
import { configureSync, getLogger, jsonLinesFormatter, resetSync } from '@logtape/logtape'
import { DEFAULT_REDACT_FIELDS, redactByField } from '@logtape/redaction'
import { createLogger as createEvlog, initLogger } from 'evlog'
import { pino } from 'pino'
import { createLogger, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { createLogger as createWinston, format, transports } from 'winston'

const CANARY = 'cAnArY7f3a91'

class Account {
  readonly id = 7
  readonly password = CANARY
}

function axiosLike(): Error {
  const _header = `GET /v1 HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer ${CANARY}\r\nConnection: close\r\n\r\n`
  return Object.assign(new Error('Request failed with status code 401'), { request: { _header }, isAxiosError: true })
}

/** What is planted, and what a logger is given: a message, fields, and bindings for a child. */
interface Plant {
  readonly message: string
  readonly fields?: Record<string, unknown>
  readonly bindings?: Record<string, unknown>
}

const plants: Readonly<Record<string, Plant>> = {
  'a nested key': { message: 'm', fields: { user: { profile: { password: CANARY } } } },
  'an array': { message: 'm', fields: { users: [{ id: 1 }, { password: CANARY }] } },
  'a Map': { message: 'm', fields: { settings: new Map([['password', CANARY]]) } },
  'a class instance': { message: 'm', fields: { account: new Account() } },
  toJSON: { message: 'm', fields: { account: { toJSON: () => ({ password: CANARY }) } } },
  "an error's message": { message: 'm', fields: { err: new Error(`login failed: password=${CANARY}`) } },
  "an error's cause": { message: 'm', fields: { err: new Error('x', { cause: new Error(`Bearer ${CANARY}`) }) } },
  'err.request._header': { message: 'm', fields: { err: axiosLike() } },
  "a URL's query": { message: 'm', fields: { url: `https://api.example.com/v1?access_token=${CANARY}&page=2` } },
  "a URL's userinfo": { message: 'm', fields: { url: `https://app:${CANARY}@api.example.com/v1` } },
  'the message': { message: `calling with Authorization: Bearer ${CANARY}` },
  'a validation error': {
    message: 'm',
    fields: { errors: [{ type: 'field', value: CANARY, msg: 'Invalid value', path: 'password', location: 'body' }] },
  },
  'a change': { message: 'm', fields: { changes: [{ field: 'password', old: CANARY, new: 'x' }] } },
  'a query as an object': { message: 'm', fields: { query: { code: CANARY, state: 'x' } } },
  'a list of pairs': { message: 'm', fields: { headers: [['authorization', `Bearer ${CANARY}`]] } },
  'a flag with its value': { message: 'm', fields: { argv: ['node', 'cli.js', `--token=${CANARY}`] } },
  'the parts of a URL': { message: 'm', fields: { url: { full: `https://h/?access_token=${CANARY}`, domain: 'h' } } },
  'another form of the name': { message: 'm', fields: { password_new: CANARY } },
  'a text in colours': { message: inspect({ password: CANARY }, { colors: true }) },
  'child bindings': { message: 'm', bindings: { password: CANARY } },
}

type Write = (plant: Plant) => string

/** Set up as the page says that names what each was told to redact: by the means its own docs describe first. */
const loggers: Readonly<Record<string, Write>> = {
  'throughline, detectors on': ({ message, fields, bindings }) => {
    const destination = memory()
    const log = createLogger({ env: {}, service: 's', destination, redact: { detect: 'all' } })
    log.child(bindings).info(message, fields)
    return destination.lines.join('\n')
  },
  'throughline, as it comes': ({ message, fields, bindings }) => {
    const destination = memory()
    createLogger({ env: {}, service: 's', destination }).child(bindings).info(message, fields)
    return destination.lines.join('\n')
  },
  // https://getpino.io/#/docs/redaction: paths, with wildcards for one level each.
  pino: ({ message, fields, bindings }) => {
    const { stream, text } = sink()
    const redact = ['password', '*.password', '*.*.password', 'users[*].password', '*.headers.authorization']
    pino({ redact }, stream)
      .child(bindings ?? {})
      .info(fields ?? {}, message)
    return text()
  },
  // winston has no redaction; its README shows custom formats, and a replacer is what people write with `format.json`.
  winston: ({ message, fields, bindings }) => {
    const { stream, text } = sink()
    const replacer = (key: string, value: unknown) => (key === 'password' ? '[REDACTED]' : value)
    const logger = createWinston({
      format: format.combine(format.errors({ stack: true }), format.json({ replacer })),
      transports: [new transports.Stream({ stream })],
    })
    logger.child(bindings ?? {}).info(message, fields)
    return text()
  },
  // https://logtape.org/manual/redaction: by field, with the default fields.
  LogTape: ({ message, fields, bindings }) => {
    const lines: string[] = []
    const sinks = {
      lines: redactByField((record) => void lines.push(jsonLinesFormatter(record)), {
        fieldPatterns: DEFAULT_REDACT_FIELDS,
      }),
    }
    configureSync({ reset: true, sinks, loggers: [{ category: [], sinks: ['lines'], lowestLevel: 'info' }] })
    getLogger('app')
      .with(bindings ?? {})
      .info(message, fields ?? {})
    resetSync()
    return lines.join('\n')
  },
  // https://evlog.dev: `redact: true` is its built-in set of patterns.
  evlog: ({ message, fields, bindings }) => {
    const events: unknown[] = []
    initLogger({ redact: true, silent: true, drain: (context) => void events.push(context.event) })
    const log = createEvlog({ ...bindings })
    log.set({ message, ...fields })
    log.emit()
    return JSON.stringify(events)
  },
}

function sink(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return { stream, text: () => chunks.join('') }
}

/** Where the canary was found in what a logger wrote; a logger that writes nothing proves nothing. */
function leaks(write: Write): readonly string[] {
  return Object.entries(plants).flatMap(([place, plant]) => {
    const output = write(plant)
    expect(output).not.toBe('')
    return output.includes(CANARY) ? [place] : []
  })
}

/** What the page says of each: its row's name, and the package whose version stands in it. */
const ROWS: Readonly<Record<string, readonly [row: RegExp, peer?: string]>> = {
  'throughline, detectors on': [/^throughline, `detect: 'all'`$/],
  'throughline, as it comes': [/^throughline, as it comes$/],
  pino: [/^pino ([\d.]+), `redact` paths$/, 'pino'],
  winston: [/^winston ([\d.]+), a replacer for `password`$/, 'winston'],
  LogTape: [/^LogTape ([\d.]+), `redactByField`$/, '@logtape/logtape'],
  evlog: [/^evlog ([\d.]+), `redact: true`$/, 'evlog'],
}

/** Major and minor of the version that is installed. */
function versionOf(peer: string): string {
  const manifest = readFileSync(join(import.meta.dirname, '../node_modules', peer, 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  return version.split('.').slice(0, 2).join('.')
}

it.each(Object.entries(loggers))('the page says how many the output of %s has', (name, write) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/redaction.md'), 'utf8')
  const rows = [...page.matchAll(/^\| (.+?) \| (\d+) of 20/gm)]
  expect(rows).toHaveLength(Object.keys(loggers).length)
  const [pattern, peer] = ROWS[name] ?? [/^$/]
  const row = rows.find(([, text = '']) => pattern.test(text))
  expect(Number(row?.[2])).toBe(leaks(write).length)
  if (peer !== undefined) expect(pattern.exec(row?.[1] ?? '')?.[1]).toBe(versionOf(peer))
})

describe('twenty secrets', () => {
  it.each(Object.entries(loggers))('%s', (name, write) => {
    const found = leaks(write)
    if (name === 'throughline, detectors on') expect(found).toEqual([])
    else expect({ [name]: found }).toMatchSnapshot()
  })
})
