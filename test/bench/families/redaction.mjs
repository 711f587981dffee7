import { completed, fieldsFirst, messageFirst } from '../lines.mjs'
import { OUR_OUTPUT, pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

/** Ten of the names that we redact at any depth when nothing is said. */
const TEN = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'apiKey',
  'accessToken',
  'refreshToken',
  'privateKey',
  'creditCard',
]

/** What pino is asked to redact; it knows no "any depth". */
const twoLevels = { redact: { paths: [...TEN, ...TEN.map((key) => `*.${key}`)], censor: '***REDACTED***' } }

const PATHS = ['user.email', 'headers.authorization', 'card.number']
const paths = { redact: { paths: PATHS, censor: '***REDACTED***' } }

const order = (i) => ({
  order_id: i,
  user: { id: 'user-456', email: 'ann@example.org' },
  headers: { authorization: 'Bearer abc.def.ghi', accept: 'application/json' },
  card: { number: '4111111111111111', brand: 'visa' },
})
const orderPlaced = {
  ours: (log) => (i) => log.info('Order placed', order(i)),
  theirs: (log) => (i) => log.info(order(i), 'Order placed'),
}

/** What a redactor of its own does, which only makes the fields' text: no time, no level, no line, no write. */
const standAlone = (load) => async () => {
  const redact = await load()
  const kept = { text: '' }
  return (i) => {
    kept.text = redact(order(i))
  }
}

export const cases = [
  {
    id: 'ten-keys',
    name: 'six fields, buffered; pino with the same ten keys at the top and one level down',
    everywhere: true,
    bars: [{ against: 'pino', atLeast: 5 }],
    contenders: {
      throughline: using(throughline(at4K), messageFirst.six),
      pino: using(pino(4096, twoLevels), fieldsFirst.six),
      'pino, our output': using(pino(4096, { ...OUR_OUTPUT, ...twoLevels }), fieldsFirst.six),
    },
  },
  {
    id: 'three-paths',
    name: 'three redacted paths, buffered',
    bars: [{ against: 'pino', atLeast: 4.3 }],
    contenders: {
      throughline: using(throughline(at4K, { redact: { paths: PATHS } }), orderPlaced.ours),
      pino: using(pino(4096, paths), orderPlaced.theirs),
      'pino, our output': using(pino(4096, { ...OUR_OUTPUT, ...paths }), orderPlaced.theirs),
      '@pinojs/redact, no line': standAlone(async () => (await import('@pinojs/redact')).default(paths.redact)),
      'fast-redact, no line': standAlone(async () => (await import('fast-redact')).default(paths.redact)),
    },
  },
  {
    id: 'redaction-on',
    name: 'default redaction on, against off (six fields)',
    everywhere: true,
    bars: [{ against: 'redact: false', atMost: 1.15 }],
    contenders: {
      throughline: using(throughline(at4K), messageFirst.six),
      'redact: false': using(throughline(at4K, { redact: false }), messageFirst.six),
    },
  },
  {
    id: 'detectors-on',
    name: 'every value detector on, against none (six fields)',
    bars: [],
    contenders: {
      throughline: using(throughline(at4K), messageFirst.six),
      "detect: 'all'": using(throughline(at4K, { redact: { detect: 'all' } }), (log) => (i) => {
        log.info('Request completed', completed(i))
      }),
    },
  },
]
