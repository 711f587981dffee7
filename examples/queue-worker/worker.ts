import { setTimeout as delay } from 'node:timers/promises'
import { context, createLogger } from 'throughline'
import type { Message } from './message.ts'

const log = createLogger({ service: 'invoice-worker' })

process.on('message', async ({ headers, body }: Message) => {
  const { job_id, amount } = body
  try {
    // The sender's thread goes on here: its request id and its trace, in a span of the job's own.
    await log.operation('send invoice', { ...context.extract(headers), job_id }, async () => {
      if (amount <= 0) throw new RangeError('nothing to invoice')
      await delay(5)
      log.info('Invoice sent', { amount })
    })
  } catch {
    // "Operation failed" is in the log. A broker would be told here that the message was not handled.
  }
})
