/** The worker thread that makes Loki's request bodies; `inline-worker.ts` makes one text of it. */
import { encodeInThread } from '@throughline/transport/thread'
import { pushEncoder } from './push.js'

encodeInThread(pushEncoder)
