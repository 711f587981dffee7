import type { OutgoingCall } from '@throughline/http/outgoing'

const FIRST_ERROR_STATUS = 400

/**
 * Ends a call by what a handler was told as an error. undici's interceptors `retry` and `responseError` make errors of
 * responses; those are answers, with their status, and nobody cancelled anything.
 */
export function endOf(call: OutgoingCall, error: unknown, isCancelled: boolean): void {
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown }
  if (typeof statusCode === 'number' && statusCode >= FIRST_ERROR_STATUS) {
    call.responded(statusCode)
    call.end()
  } else {
    call.end(error, isCancelled)
  }
}
