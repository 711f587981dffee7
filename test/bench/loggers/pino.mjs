/** pino, as cases want it. */
import { createWriteStream } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** Set to write what we write: the same fields under the same names, an ISO time and a level's label. */
export const OUR_OUTPUT = {
  base: { service: 'api' },
  messageKey: 'message',
  timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
  formatters: { level: (label) => ({ level: label.toUpperCase() }) },
}

/**
 * To the case's target.
 *
 * @param minLength What is gathered before it is written; 0 writes each line.
 */
export const pino =
  (minLength, options = {}) =>
  async ({ path }) => {
    const { default: create } = await import('pino')
    return create(options, create.destination({ dest: path, minLength, sync: true }))
  }

/** As it is when nothing is said: standard output, a line at a time, written by another thread after the call returns. */
export const pinoDefault = () => async () => {
  const { default: create } = await import('pino')
  const log = create()
  const stream = log[create.symbols.streamSym]
  const written = async () => {
    while (stream.writing) await setImmediate()
    stream.flushSync()
  }
  return { log, written }
}

/** Over Node's own file stream, which never takes the byte length of what it holds. */
export const pinoStream =
  () =>
  async ({ path }) => {
    const { default: create } = await import('pino')
    const stream = createWriteStream(path, { flags: 'a' })
    return { log: create(stream), written: () => new Promise((resolve) => stream.write('', resolve)) }
  }
