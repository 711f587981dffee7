import { floor } from '../floor.mjs'
import { messageFirst } from '../lines.mjs'
import { OUR_OUTPUT, pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const { plain } = messageFirst

export const cases = [
  {
    id: 'plain',
    profiled: 'always',
    name: 'plain message, buffered with `writeSync` at 4 K',
    everywhere: true,
    bars: [{ against: 'pino', atLeast: 7 }],
    contenders: {
      throughline: using(throughline(at4K), plain),
      pino: using(pino(4096), plain),
      'pino, our output': using(pino(4096, OUR_OUTPUT), plain),
      floor: floor(4096),
    },
  },
  {
    id: 'floor',
    name: 'plain message at 16 K, against the floor at 16 K',
    everywhere: true,
    bars: [{ against: 'floor', atMost: 2.2 }],
    contenders: {
      throughline: using(throughline({ bytes: 16_384, ms: 1000 }), plain),
      floor: floor(16_384),
    },
  },
]
