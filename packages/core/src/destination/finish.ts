import type { Destination } from '../destination.js'
import { warnOnce } from '../warn.js'
import { doneWithin, type FlushOptions, timeoutOf } from './flush-options.js'

/** How much longer than the timeout a call is waited for: our destinations return in time, with what is left reported. */
const GRACE_MS = 100

/** Flushes or closes a destination, also one that does not return. */
export async function finish(
  destination: Destination,
  call: 'flush' | 'close',
  options: FlushOptions | undefined,
): Promise<void> {
  const usual = call === 'close' ? destination.closeTimeoutMs : undefined
  const timeoutMs = timeoutOf(options ?? (usual === undefined ? undefined : { timeoutMs: usual }))
  const isDone = await doneWithin(timeoutMs + GRACE_MS, destination[call]({ timeoutMs }))
  if (!isDone) warnOnce(`a destination did not finish ${call}() within ${timeoutMs} ms`)
}
