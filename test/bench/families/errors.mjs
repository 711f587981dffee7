import { OUR_OUTPUT, pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const make = () => new Error('connect ECONNREFUSED')
const ERROR = make()

export const cases = [
  {
    id: 'error-reused',
    name: 'an Error that is logged again and again, buffered',
    bars: [{ against: 'pino', atLeast: 2.2 }],
    contenders: buffered(
      (log) => () => log.info('failed', ERROR),
      (log) => () => log.info(ERROR, 'failed'),
    ),
  },
  {
    id: 'error-new',
    name: 'a new Error each time, buffered',
    bars: [{ against: 'pino', atLeast: 1.3 }],
    contenders: buffered(
      (log) => () => log.info('failed', make()),
      (log) => () => log.info(make(), 'failed'),
    ),
  },
]

function buffered(ours, theirs) {
  return {
    throughline: using(throughline(at4K), ours),
    pino: using(pino(4096), theirs),
    'pino, our output': using(pino(4096, OUR_OUTPUT), theirs),
  }
}
