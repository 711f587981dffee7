/** winston, in JSON and with a time, as its documentation sets it up. */
import { createWriteStream } from 'node:fs'
import { completed } from '../lines.mjs'

export const onStdout = async () => logger(({ transports }) => new transports.Console())

export const overStream = async ({ path }) => {
  const stream = createWriteStream(path, { flags: 'a' })
  const calls = await logger(({ transports }) => new transports.Stream({ stream }))
  return { ...calls, written: () => new Promise((resolve) => stream.write('', resolve)) }
}

async function logger(transport) {
  const { default: winston } = await import('winston')
  const { combine, timestamp, json } = winston.format
  const log = winston.createLogger({ format: combine(timestamp(), json()), transports: [transport(winston)] })
  return { plain: () => log.info('hello world'), six: (i) => log.info('Request completed', completed(i)), written() {} }
}
