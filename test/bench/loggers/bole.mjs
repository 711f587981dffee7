import { createWriteStream } from 'node:fs'
import { fieldsFirst } from '../lines.mjs'

export const onStdout = async () => logger(process.stdout)

export const overStream = async ({ path }) => {
  const stream = createWriteStream(path, { flags: 'a' })
  return { ...(await logger(stream)), written: () => new Promise((resolve) => stream.write('', resolve)) }
}

async function logger(stream) {
  const { default: bole } = await import('bole')
  bole.output({ level: 'info', stream })
  const log = bole('api')
  return { plain: fieldsFirst.plain(log), six: fieldsFirst.six(log), written() {} }
}
