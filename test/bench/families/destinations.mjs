import { fieldsFirst, messageFirst } from '../lines.mjs'
import { OUR_OUTPUT, pino, pinoDefault, pinoStream } from '../loggers/pino.mjs'
import { throughline, throughlineDefault, throughlineStream, throughlineTurn } from '../loggers/throughline.mjs'
import { inTurns, using } from '../using.mjs'

/** Lines in a turn of the event loop: what a busy request logs, and what a loop that logs does. */
const FEW = 10
const MANY = 100

export const cases = [
  perLine('plain', 'plain', { atLeast: 2.2 }),
  perLine('six', 'six fields', { atLeast: 1.7 }),
  atDefaults('plain', 'plain', FEW, { atLeast: 4 }),
  atDefaults('six', 'six fields', FEW, { atLeast: 2 }),
  // Where gathering has nothing to gather.
  atDefaults('plain', 'plain', 1),
  atDefaults('six', 'six fields', 1),
  overStream('plain', 'plain', { atLeast: 4 }),
  overStream('six', 'six fields', { atLeast: 2.2 }),
]

function perLine(line, said, bar) {
  return {
    id: `per-line-${line}`,
    name: `one write per line, \`line\` against pino with \`sync: true\`: ${said}`,
    everywhere: true,
    bars: [{ against: 'pino', ...bar }],
    contenders: {
      throughline: using(throughline('line'), messageFirst[line]),
      pino: using(pino(0), fieldsFirst[line]),
      'pino, our output': using(pino(0, OUR_OUTPUT), fieldsFirst[line]),
      'pino, its default': inTurns(FEW, pinoDefault(), fieldsFirst[line]),
    },
  }
}

function atDefaults(line, said, turn, bar) {
  return {
    id: `pipe-${line}-${turn}`,
    name: `both at their defaults, to a pipe with a real reader, ${turn === 1 ? '1 line' : `${turn} lines`} a turn: ${said}`,
    target: 'pipe',
    everywhere: turn === FEW,
    bars: bar === undefined ? [] : [{ against: 'pino', ...bar }],
    contenders: {
      throughline: inTurns(turn, throughlineDefault(), messageFirst[line]),
      pino: inTurns(turn, pinoDefault(), fieldsFirst[line]),
    },
  }
}

function overStream(line, said, bar) {
  return {
    id: `stream-${line}`,
    name: `against pino over \`fs.createWriteStream\`, both asynchronous: ${said}`,
    bars: [{ against: 'pino', ...bar }],
    contenders: {
      throughline: inTurns(MANY, throughlineTurn(), messageFirst[line]),
      pino: inTurns(MANY, pinoStream(), fieldsFirst[line]),
      'throughline, over the same stream': inTurns(MANY, throughlineStream(), messageFirst[line]),
    },
  }
}
