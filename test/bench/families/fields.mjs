import { FOUR, fieldsFirst, messageFirst } from '../lines.mjs'
import { OUR_OUTPUT, pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const ofChild = (log) => messageFirst.plain(log.child(FOUR))

export const cases = [
  {
    id: 'field',
    name: 'message and one field, buffered',
    everywhere: true,
    bars: [{ against: 'pino', atLeast: 5.5 }],
    contenders: buffered(messageFirst.field, fieldsFirst.field),
  },
  {
    id: 'child',
    name: 'child with 4 bindings, buffered',
    everywhere: true,
    bars: [{ against: 'pino', atLeast: 5 }],
    contenders: buffered(ofChild, ofChild),
  },
  {
    id: 'six',
    profiled: 'always',
    name: 'six fields of a completed request, buffered; our default redaction on, pino without any',
    everywhere: true,
    bars: [{ against: 'pino', atLeast: 2.7 }],
    contenders: buffered(messageFirst.six, fieldsFirst.six),
  },
]

function buffered(ours, theirs) {
  return {
    throughline: using(throughline(at4K), ours),
    pino: using(pino(4096), theirs),
    'pino, our output': using(pino(4096, OUR_OUTPUT), theirs),
  }
}
