/** OpenTelemetry's SDK for logs: its console exporter, and its batches with an exporter that writes lines of JSON. */
import { createWriteStream } from 'node:fs'
import { completed } from '../lines.mjs'

const INFO = 9

export const onStdout = async () =>
  logger(
    ({ SimpleLogRecordProcessor, ConsoleLogRecordExporter }) =>
      new SimpleLogRecordProcessor({ exporter: new ConsoleLogRecordExporter() }),
  )

export const overStream = async ({ path }) => {
  const stream = createWriteStream(path, { flags: 'a' })
  let processor
  const calls = await logger(({ BatchLogRecordProcessor }) => {
    processor = new BatchLogRecordProcessor({ exporter: exporter(stream), maxQueueSize: 100_000 })
    return processor
  })
  const written = async () => {
    await processor.forceFlush()
    await new Promise((resolve) => stream.write('', resolve))
  }
  return { ...calls, written }
}

async function logger(processorOf) {
  const sdk = await import('@opentelemetry/sdk-logs')
  const log = new sdk.LoggerProvider({ processors: [processorOf(sdk)] }).getLogger('api')
  const emit = (body, attributes) => log.emit({ severityNumber: INFO, severityText: 'INFO', body, attributes })
  return { plain: () => emit('hello world'), six: (i) => emit('Request completed', completed(i)), written() {} }
}

function exporter(stream) {
  return {
    export(records, done) {
      for (const { hrTime, severityText, body, attributes } of records) {
        stream.write(`${JSON.stringify({ hrTime, severityText, body, attributes })}\n`)
      }
      done({ code: 0 })
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
}
