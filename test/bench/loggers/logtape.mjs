/** LogTape with its formatter for lines of JSON. */
import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { completed } from '../lines.mjs'

export const onStdout = async () =>
  logger(({ getConsoleSink, jsonLinesFormatter }) => getConsoleSink({ formatter: jsonLinesFormatter }))

export const overStream = async ({ path }) => {
  const stream = createWriteStream(path, { flags: 'a' })
  let sink
  const calls = await logger(({ getStreamSink, jsonLinesFormatter }) => {
    sink = getStreamSink(Writable.toWeb(stream), { formatter: jsonLinesFormatter })
    return sink
  })
  const written = async () => {
    await sink.drain()
    await new Promise((resolve) => stream.write('', resolve))
  }
  return { ...calls, written }
}

async function logger(sinkOf) {
  const logtape = await import('@logtape/logtape')
  await logtape.configure({
    sinks: { out: sinkOf(logtape) },
    loggers: [
      { category: 'api', lowestLevel: 'info', sinks: ['out'] },
      { category: ['logtape', 'meta'], lowestLevel: 'warning', sinks: ['out'] },
    ],
  })
  const log = logtape.getLogger('api')
  return { plain: () => log.info('hello world'), six: (i) => log.info('Request completed', completed(i)), written() {} }
}
