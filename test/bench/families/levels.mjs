import { pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const debug = (log) => (i) => log.debug('row', i)

export const cases = [
  {
    id: 'disabled',
    name: 'a disabled level, over the empty loop',
    everywhere: true,
    bars: [{ against: 'the empty loop', atMostMore: 1 }],
    contenders: {
      throughline: using(throughline(at4K), debug),
      'the empty loop': () => () => {},
      pino: using(pino(4096), debug),
    },
  },
]
