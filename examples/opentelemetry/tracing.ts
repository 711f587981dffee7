// Loaded before the service (`node --import ./tracing.ts`), so that what it imports is instrumented.
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { NodeSDK } from '@opentelemetry/sdk-node'

// Spans go where OTEL_EXPORTER_OTLP_ENDPOINT says, as the logs do.
const sdk = new NodeSDK({
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
  metricReaders: [],
  logRecordProcessors: [],
})
sdk.start()

process.once('SIGTERM', () => {
  void sdk.shutdown()
})
