import { inspect } from 'node:util'
import { context, type Logger, type LoggerOptions } from 'throughline'

/** An entry of the option `redact` that keeps a secret out. */
export interface Rule {
  readonly option: 'keys' | 'detect'
  readonly entry: string
}

/** A place in which a secret hides from a redaction that does not look there. */
export interface Place {
  readonly name: string
  /** What a logger's options need so that nothing gets out here. */
  readonly stoppedBy: Rule
  /** The logger that this place needs, of the one that is tested. */
  prepare?(options: LoggerOptions, secret: string): LoggerOptions
  /** Logs something with the secret in this place. */
  plant(log: Logger, secret: string): void
}

type Plant = Place['plant']

class Holder {
  constructor(fields: object) {
    Object.assign(this, fields)
  }
}

/** Places in which the secret stands under a key that says so. */
export function keyPlaces(key: string): readonly Place[] {
  const named = (secret: string) => ({ [key]: secret })
  const inField = (wrap: (secret: string) => unknown): Plant => {
    return (log, secret) => log.info('planted', { field: wrap(secret) })
  }
  const places: Readonly<Record<string, Plant | Omit<Place, 'name' | 'stoppedBy'>>> = {
    'a field': (log, secret) => log.info('planted', named(secret)),
    'a nested field': inField((secret) => ({ profile: named(secret) })),
    'far below the depth that is followed': inField((secret) => nested(20, named(secret))),
    'an object in a list': inField((secret) => [1, [named(secret)]]),
    'a Map': inField((secret) => new Map([[key, secret]])),
    'an object in a Set': inField((secret) => new Set([named(secret)])),
    'a class instance': inField((secret) => new Holder(named(secret))),
    'a list under the key': (log, secret) => log.info('planted', { [key]: [secret, { value: secret }] }),
    'what toJSON gives': inField((secret) => ({ toJSON: () => named(secret) })),
    'a getter': inField((secret) => Object.defineProperty({}, key, { enumerable: true, get: () => secret })),
    'a raw list of headers': inField((secret) => ['Host', 'example.org', key, secret]),
    'a list of pairs': inField((secret) => [[key, secret]]),
    'a pair of name and value': inField((secret) => ({ name: key, value: secret })),
    'a value beside its path': inField((secret) => ({ type: 'field', value: secret, msg: 'invalid', path: key })),
    'a value beside a list of segments': inField((secret) => ({ loc: ['body', key], input: secret })),
    'a value beside a pointer': inField((secret) => ({ op: 'replace', path: `/user/${key}`, value: secret })),
    'a change from one value to another': inField((secret) => ({ field: key, old: secret, new: `${secret}2` })),
    'a row of a table of settings': inField((secret) => ({ setting_name: key, setting_value: secret })),
    'a flag of a command line with its value': inField((secret) => ['node', 'server.js', `--${key}=${secret}`]),
    URLSearchParams: inField((secret) => new URLSearchParams(named(secret))),
    'a URL in a value of a query': (log, secret) =>
      log.info('planted', { query: { next: `https://example.org/?${new URLSearchParams(named(secret))}` } }),
    'a URL in an object of its parts': (log, secret) =>
      log.info('planted', { url: { full: `https://example.org/?${new URLSearchParams(named(secret))}`, domain: 'h' } }),
    'a flag of a command line': inField((secret) => ['node', 'server.js', `--${key}`, secret]),
    'the query of a URL object': inField(
      (secret) => new URL(`https://example.org/?${new URLSearchParams(named(secret))}`),
    ),
    'an error’s cause': (log, secret) => log.error('planted', { failure: new Error('x', { cause: named(secret) }) }),
    'a cause of an error of several': (log, secret) =>
      log.error('planted', { failure: new AggregateError([new Error('x', { cause: named(secret) })], 'y') }),
    'the fields of the logger': {
      prepare: (options, secret) => ({ ...options, fields: { ...options.fields, ...named(secret) } }),
      plant: (log) => log.info('planted'),
    },
    'the bindings of a child': (log, secret) => log.child(named(secret)).info('planted'),
    'what a serializer gives': (log, secret) =>
      log.child({}, { serializers: { field: () => named(secret) } }).info('planted', { field: 1 }),
    'the context': (log, secret) => context.run(named(secret), () => log.info('planted')),
    'a line that was held': {
      prepare: (options) => ({ ...options, sampling: { ...options.sampling, success: 0 } }),
      plant: (log, secret) => writeHeld(log, named(secret)),
    },
    'an argument of %j': (log, secret) => log.info('planted %j', named(secret)),
    'a field of a line that is cut': (log, secret) =>
      log.info('planted', { ...named(secret), text: 'x'.repeat(100_000) }),
    'an audit line': (log, secret) => log.audit('planted', named(secret)),
  }
  return Object.entries(places).map(([name, place]) => ({
    name: `${key}: ${name}`,
    stoppedBy: { option: 'keys', entry: key },
    ...(typeof place === 'function' ? { plant: place } : place),
  }))
}

/** Places in which only the secret's form, or its surroundings, tell what it is. */
const TEXT_PLACES: readonly (readonly [name: string, detector: string, plant: Plant])[] = [
  ['the message', 'assignment', (log, secret) => log.info(`login with password=${secret}`)],
  [
    'an error’s message',
    'credentials',
    (log, secret) => log.error('failed', new Error(`refused for Bearer ${secret}`)),
  ],
  [
    'the message of an error’s cause',
    'assignment',
    (log, secret) => log.error('x', new Error('y', { cause: new Error(`token=${secret}`) })),
  ],
  [
    'a URL’s query',
    'url',
    (log, secret) => log.info('called', { url: `https://example.org/?api_key=${secret}&page=2` }),
  ],
  ['a URL’s userinfo', 'url', (log, secret) => log.info('called', { url: `https://ada:${secret}@example.org/` })],
  ['a URL in a text', 'url', (log, secret) => log.info(`called https://example.org/?api_key=${secret}&page=2`)],
  [
    'JSON in a text',
    'assignment',
    (log, secret) => log.info('sent', { body: JSON.stringify({ user: 'ada', password: secret }) }),
  ],
  [
    'a block of headers',
    'assignment',
    (log, secret) => log.info('sent', { sent: `GET / HTTP/1.1\r\nX-Api-Key: ${secret}\r\n\r\n` }),
  ],
  [
    'a URL’s query as an object',
    'url',
    (log, secret) => log.info('called', { query: { code: secret, state: 'x', next: `/?sig=${secret}` } }),
  ],
  [
    'a URL behind an encoded question mark',
    'url',
    (log, secret) => log.info(`called https://example.org/cb%3Faccess_token=${secret}%26page=2`),
  ],
  [
    'what util.inspect prints in colours',
    'assignment',
    (log, secret) => log.info(inspect({ password: secret }, { colors: true })),
  ],
  [
    'what util.inspect prints in several lines',
    'assignment',
    (log, secret) => log.info(inspect({ password: `${'correct horse\n'.repeat(20)}${secret}` })),
  ],
  ['a text with wide punctuation', 'assignment', (log, secret) => log.info(`password\u3000\uff1a\u3000${secret}`)],
  ['a text with emphasis', 'assignment', (log, secret) => log.info(`**Password:** ${secret}`)],
  [
    'a tag with the value before its name',
    'assignment',
    (log, secret) => log.info(`<input value="${secret}" name="password">`),
  ],
  [
    'a validation error in a text',
    'assignment',
    (log, secret) => log.info(JSON.stringify({ type: 'field', value: secret, path: 'password' })),
  ],
  ['an argument of %s', 'url', (log, secret) => log.info('called %s', `https://ada:${secret}@example.org/`)],
]

export const textPlaces: readonly Place[] = TEXT_PLACES.map(([name, entry, plant]) => ({
  name,
  stoppedBy: { option: 'detect', entry },
  plant,
}))

function nested(depth: number, value: object): object {
  return depth === 0 ? value : { deeper: nested(depth - 1, value) }
}

/** A failing operation writes what it has held. */
function writeHeld(log: Logger, fields: Readonly<Record<string, unknown>>): void {
  const operation = log.begin({ name: 'planted' })
  operation.log.info('planted', fields)
  operation.end({ message: 'failed', level: 'error', fields: {}, failed: true, durationMs: 1 })
}
