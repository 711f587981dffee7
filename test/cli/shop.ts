/** The logs of one request through three services, failing in the last, among lines of others. */

const START = Date.parse('2024-01-22T10:15:23.000Z')

export const REQUEST_ID = 'req-123-abc'
export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'

type Fields = Readonly<Record<string, unknown>>

export function line(ms: number, level: string, service: string, message: string, fields: Fields = {}): string {
  return `${JSON.stringify({ timestamp: new Date(START + ms).toISOString(), level, service, ...fields, message })}\n`
}

const ids = (span_id: string, parent_span_id?: string, request_id = REQUEST_ID): Fields => ({
  request_id,
  trace_id: TRACE_ID,
  span_id,
  ...(parent_span_id === undefined ? {} : { parent_span_id }),
})

const gateway = ids('00000000000000aa')
const call = ids('00000000000000ab', '00000000000000aa')
const api = ids('00000000000000ba', '00000000000000ab')
/** It gave the request an id of its own, and went on with the trace. */
const billing = ids('00000000000000ca', '00000000000000bb', 'bill-9')

const other = (ms: number, service: string) =>
  line(ms, 'INFO', service, 'Request completed', {
    request_id: `req-123-abcd-${ms}`,
    method: 'GET',
    route: '/health',
    status_code: 200,
    response_time_ms: 1.5,
  })

export const shop: Readonly<Record<string, string>> = {
  'gateway.log': [
    other(1, 'gateway'),
    line(100, 'INFO', 'gateway', 'Request started', { ...gateway, method: 'POST', path: '/checkout' }),
    other(120, 'gateway'),
    line(339, 'DEBUG', 'gateway', 'Outgoing request completed', {
      ...call,
      method: 'POST',
      host: 'api.internal',
      path: '/orders',
      status_code: 502,
      duration_ms: 230,
    }),
    line(340, 'INFO', 'gateway', 'Request completed', {
      ...gateway,
      method: 'POST',
      path: '/checkout',
      route: '/checkout',
      status_code: 502,
      response_time_ms: 240.5,
    }),
  ].join(''),
  'api.log': [
    line(115, 'INFO', 'api', 'Request started', { ...api, method: 'POST', path: '/orders' }),
    line(130, 'INFO', 'api', 'Fetching user', {
      ...api,
      user_id: 'user-456',
      note: '\u001b[2J<script>alert(1)</script>',
    }),
    other(140, 'api'),
    line(330, 'ERROR', 'api', 'Billing failed', {
      ...api,
      error: 'connect ECONNREFUSED',
      error_type: 'PaymentError',
      traceback: 'PaymentError: connect ECONNREFUSED\n    at pay (/app/pay.js:10:5)',
    }),
    line(332, 'INFO', 'api', 'Request completed', {
      ...api,
      method: 'POST',
      path: '/orders',
      route: '/orders',
      status_code: 502,
      response_time_ms: 217.25,
    }),
  ].join(''),
  'billing.log': [
    line(150, 'INFO', 'billing', 'Request started', { ...billing, method: 'POST', path: '/pay' }),
    line(310, 'FATAL', 'billing', 'Process crashed', { ...billing, error: 'out of memory', error_type: 'RangeError' }),
  ].join(''),
}
