/** evlog as it is in production; its redaction is on there, as ours is. */
import { createWriteStream } from 'node:fs'
import { completed } from '../lines.mjs'

export const onStdout = async () => logger({})

export const overStream = async ({ path }) => {
  const stream = createWriteStream(path, { flags: 'a' })
  const drain = ({ event }) => {
    stream.write(`${JSON.stringify(event)}\n`)
  }
  const calls = await logger({ silent: true, drain })
  return { ...calls, written: () => new Promise((resolve) => stream.write('', resolve)) }
}

async function logger(options) {
  const { initLogger, log } = await import('evlog')
  initLogger({ env: { service: 'api' }, pretty: false, ...options })
  return {
    plain: () => log.info({ message: 'hello world' }),
    six: (i) => log.info({ message: 'Request completed', ...completed(i) }),
    written() {},
  }
}
