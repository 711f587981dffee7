import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const IDS = { request_id: 'req-123-abc', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }
const BEGINNING = { name: 'request', kind: 'request', fields: IDS }
const OUTCOME = {
  message: 'Request completed',
  level: 'info',
  fields: { status_code: 200 },
  failed: false,
  durationMs: 3,
}

const operation = (log) => () => {
  const one = log.begin(BEGINNING)
  for (let line = 0; line < 10; line++) one.log.info('Fetching user', { user_id: line, table: 'users' })
  one.end(OUTCOME)
}

export const cases = [
  {
    id: 'operation',
    name: 'an operation with 10 lines that sampling drops, against one that is kept',
    everywhere: true,
    bars: [{ against: 'kept', atMost: 0.2 }],
    contenders: {
      throughline: using(throughline(at4K, { sampling: { success: 0 } }), operation),
      kept: using(throughline(at4K, { sampling: { success: 1 } }), operation),
      'kept, no sampling': using(throughline(at4K), operation),
    },
  },
]
