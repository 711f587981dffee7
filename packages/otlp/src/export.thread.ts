/** The worker thread that makes OTLP's request bodies; `inline-worker.ts` makes one text of it. */
import { encodeInThread } from '@throughline/transport/thread'
import { exportEncoder } from './export-request.js'

encodeInThread(exportEncoder)
