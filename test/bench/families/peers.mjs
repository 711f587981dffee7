import { fieldsFirst, messageFirst } from '../lines.mjs'
import { OUR_OUTPUT, pino, pinoDefault, pinoStream } from '../loggers/pino.mjs'
import { throughline, throughlineDefault, throughlineStream, throughlineTurn } from '../loggers/throughline.mjs'
import { inTurns, using } from '../using.mjs'

const LIBRARIES = {
  winston: () => import('../loggers/winston.mjs'),
  bunyan: () => import('../loggers/bunyan.mjs'),
  bole: () => import('../loggers/bole.mjs'),
  LogTape: () => import('../loggers/logtape.mjs'),
  evlog: () => import('../loggers/evlog.mjs'),
  'console.log of JSON': () => import('../loggers/console.mjs'),
  "OpenTelemetry's SDK": () => import('../loggers/opentelemetry.mjs'),
}
const LINES = { plain: 'a plain message', six: 'six fields' }
const TARGETS = { null: '/dev/null', file: 'a file', pipe: 'a pipe with a real reader' }
const TURN = 10

export const cases = Object.keys(TARGETS).flatMap((target) =>
  Object.keys(LINES).flatMap((line) => [
    peers('peers', 'every logger at its default on standard output', target, line, onStdout(line)),
    peers('peers-stream', 'every logger over `fs.createWriteStream`', target, line, overStream(line)),
  ]),
)

function peers(prefix, said, target, line, contenders) {
  return {
    id: `${prefix}-${target}-${line}`,
    name: `${said}, ${TARGETS[target]}: ${LINES[line]}`,
    target,
    everywhere: target === 'pipe',
    bars: [],
    settings: ({ rounds }) => ({ sets: 1, rounds: Math.min(rounds, 7), warmUpMs: 200, roundMs: 10 }),
    contenders,
  }
}

function onStdout(line) {
  const ofOthers = Object.entries(LIBRARIES).map(([name, load]) => [name, library(load, 'onStdout', line)])
  return {
    'throughline, a write per line': using(throughline('line'), messageFirst[line]),
    'throughline, its default': inTurns(TURN, throughlineDefault(), messageFirst[line]),
    pino: inTurns(TURN, pinoDefault(), fieldsFirst[line]),
    'pino, our output': using(pino(0, OUR_OUTPUT), fieldsFirst[line]),
    ...Object.fromEntries(ofOthers),
  }
}

function overStream(line) {
  const ofOthers = Object.entries(LIBRARIES)
    .filter(([name]) => name !== 'console.log of JSON')
    .map(([name, load]) => [name, library(load, 'overStream', line)])
  return {
    'throughline, its own writer': inTurns(TURN, throughlineTurn(), messageFirst[line]),
    'throughline, over the same stream': inTurns(TURN, throughlineStream(), messageFirst[line]),
    pino: inTurns(TURN, pinoStream(), fieldsFirst[line]),
    ...Object.fromEntries(ofOthers),
  }
}

function library(load, where, line) {
  return async (place) => {
    const calls = await (await load())[where](place)
    return { call: calls[line], turn: TURN, done: calls.written }
  }
}
