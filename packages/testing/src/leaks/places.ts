import { context, type Logger } from 'throughline'

/** A place in which a secret hides from a redaction that does not look there. */
export interface Place {
  readonly name: string
  /** What a logger's options need so that nothing gets out here. */
  readonly stoppedBy: string
  /** Logs something with the secret in this place. */
  plant(log: Logger, secret: string): void
}

class Session {
  constructor(readonly password: string) {}
}

const DETECT = "redact: { detect: 'all' }"

/** Places in which the secret stands under a key that says so. */
export function keyPlaces(key: string): readonly Place[] {
  const stoppedBy = `redact: { keys: ['${key}'] }`
  const place = (name: string, plant: Place['plant']): Place => ({ name: `${key}: ${name}`, stoppedBy, plant })
  const deep = (secret: string) => {
    let value: object = { [key]: secret }
    for (let depth = 0; depth < 20; depth++) value = { deeper: value }
    return value
  }
  return [
    place('a field', (log, secret) => log.info('planted', { [key]: secret })),
    place('a nested field', (log, secret) => log.info('planted', { user: { profile: { [key]: secret } } })),
    place('far below the depth that is followed', (log, secret) => log.info('planted', deep(secret))),
    place('an object in a list', (log, secret) => log.info('planted', { list: [1, [{ [key]: secret }]] })),
    place('a Map', (log, secret) => log.info('planted', { map: new Map([[key, secret]]) })),
    place('an object in a Set', (log, secret) => log.info('planted', { set: new Set([{ [key]: secret }]) })),
    place('a list under the key', (log, secret) => log.info('planted', { [key]: [secret, { value: secret }] })),
    place('what toJSON gives', (log, secret) => log.info('planted', { body: { toJSON: () => ({ [key]: secret }) } })),
    place('a getter', (log, secret) => log.info('planted', getter(key, secret))),
    place('a raw list of headers', (log, secret) => log.info('planted', { raw: ['Host', 'example.org', key, secret] })),
    place('a list of pairs', (log, secret) => log.info('planted', { pairs: [[key, secret]] })),
    place('a pair of name and value', (log, secret) => log.info('planted', { header: { name: key, value: secret } })),
    place('an error’s cause', (log, secret) => log.error('planted', new Error('x', { cause: { [key]: secret } }))),
    place('the bindings of a child', (log, secret) => log.child({ [key]: secret }).info('planted')),
    place('the context', (log, secret) => context.run({ [key]: secret }, () => log.info('planted'))),
    place('a line that was held', (log, secret) => held(log, { [key]: secret })),
    place('an argument of %j', (log, secret) => log.info('planted %j', { [key]: secret })),
    place('a field of a line that is cut', (log, secret) =>
      log.info('planted', { [key]: secret, text: 'x'.repeat(100_000) }),
    ),
    place('an audit line', (log, secret) => log.audit('planted', { [key]: secret })),
  ]
}

/** Places in which only the secret's form, or its surroundings, tell what it is. */
const TEXT_PLACES: readonly (readonly [name: string, plant: Place['plant']])[] = [
  ['the message', (log, secret) => log.info(`login with password=${secret}`)],
  ['an error’s message', (log, secret) => log.error('failed', new Error(`bad Authorization: Bearer ${secret}`))],
  [
    'the message of an error’s cause',
    (log, secret) => log.error('x', new Error('y', { cause: new Error(`token=${secret}`) })),
  ],
  ['a URL’s query', (log, secret) => log.info('called', { url: `https://example.org/?api_key=${secret}&page=2` })],
  ['a URL’s userinfo', (log, secret) => log.info('called', { url: `https://ada:${secret}@example.org/` })],
  ['JSON in a text', (log, secret) => log.info('sent', { body: JSON.stringify({ user: 'ada', password: secret }) })],
  [
    'a block of headers',
    (log, secret) => log.info('sent', { _header: `GET / HTTP/1.1\r\nAuthorization: Bearer ${secret}\r\n\r\n` }),
  ],
  ['an argument of %s', (log, secret) => log.info('called %s', `https://ada:${secret}@example.org/`)],
]

export const textPlaces: readonly Place[] = TEXT_PLACES.map(([name, plant]) => ({ name, stoppedBy: DETECT, plant }))

/** A class instance says its keys as an object does, and is not a plain one. */
export const instancePlace: Place = {
  name: 'password: a class instance',
  stoppedBy: "redact: { keys: ['password'] }",
  plant: (log, secret) => log.info('planted', { session: new Session(secret) }),
}

function getter(key: string, secret: string): object {
  return Object.defineProperty({}, key, { enumerable: true, get: () => secret })
}

/** A failing operation writes what it has held. */
function held(log: Logger, fields: Readonly<Record<string, unknown>>): void {
  const operation = log.begin({ name: 'planted' })
  operation.log.info('planted', fields)
  operation.end({ message: 'failed', level: 'error', fields, failed: true, durationMs: 1 })
}
