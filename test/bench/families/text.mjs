import { OUR_OUTPUT, pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const SENTENCE = 'A structured log line is one JSON object, written once, read by many. '
const LONG = SENTENCE.repeat(Math.ceil(2000 / SENTENCE.length)).slice(0, 2000)
const ESCAPED = LONG.replaceAll('JSON', '"JSON"\n')

/** An order as services have them, of about 2 kB. */
const ORDER = {
  id: 'ord-8f14e45f',
  placed_at: '2026-11-22T20:56:34.793Z',
  customer: { id: 'user-456', tier: 'gold', address: { street: 'Main Street 12', city: 'Springfield', zip: '12345' } },
  items: Array.from({ length: 14 }, (_, n) => ({
    sku: `SKU-${1000 + n}`,
    title: 'A thing that somebody ordered',
    quantity: n + 1,
    price: { amount: 12.5 * (n + 1), currency: 'EUR', taxed: true },
  })),
}

const interpolated = (log) => (i) => log.info('user %s did %j in %d ms', 'ada', { action: 'login' }, i)

export const cases = [
  {
    id: 'interpolation',
    name: '`%s %j %d` interpolation, buffered',
    bars: [{ against: 'pino', atLeast: 3 }],
    contenders: {
      throughline: using(throughline(at4K), interpolated),
      pino: using(pino(4096), interpolated),
      'pino, our output': using(pino(4096, OUR_OUTPUT), interpolated),
    },
  },
  {
    id: 'long-string',
    name: '2 kB string, buffered',
    bars: [{ against: 'pino', atLeast: { 24: 1.6, 26: 2 } }],
    contenders: ofField(LONG),
  },
  {
    id: 'escaped-string',
    name: '2 kB string with quotes and line breaks, buffered',
    bars: [],
    contenders: ofField(ESCAPED),
  },
  {
    id: 'nested',
    name: '2 kB nested object, buffered',
    bars: [{ against: 'pino', atLeast: { 24: 1.5, 26: 2.2 } }],
    contenders: ofField(ORDER),
  },
]

function ofField(body) {
  const theirs = (log) => () => log.info({ body }, 'received')
  return {
    throughline: using(throughline(at4K), (log) => () => log.info('received', { body })),
    pino: using(pino(4096), theirs),
    'pino, our output': using(pino(4096, OUR_OUTPUT), theirs),
  }
}
