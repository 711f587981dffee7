import { completed, fieldsFirst, messageFirst } from '../lines.mjs'
import { pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const SCHEMA = {
  title: 'Request completed',
  type: 'object',
  properties: {
    method: { type: 'string' },
    path: { type: 'string' },
    route: { type: 'string' },
    status_code: { type: 'integer' },
    response_time_ms: { type: 'number' },
    user_agent: { type: 'string' },
  },
}

const emitting = async (place) => {
  const [{ defineEvent }, log] = await Promise.all([import('@throughline/event'), throughline(at4K)(place)])
  const requestCompleted = defineEvent('request_completed', SCHEMA)
  return (i) => log.emit(requestCompleted, completed(i))
}

export const cases = [
  {
    id: 'event',
    name: '`defineEvent` line of six fields, buffered',
    everywhere: true,
    bars: [
      { against: 'pino', atLeast: 3.5 },
      { against: 'throughline, info', atLeast: 1.2 },
    ],
    contenders: {
      throughline: emitting,
      pino: using(pino(4096), fieldsFirst.six),
      // An event's line names the event, so this one does too.
      'throughline, info': using(throughline(at4K, { fields: { event: 'request_completed' } }), messageFirst.six),
    },
  },
]
