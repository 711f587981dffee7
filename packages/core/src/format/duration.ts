import type { Scalar } from './format.js'

/** Milliseconds as a whole number of nanoseconds; what is no number stays as it is. */
export function nanoseconds(ms: string | number | boolean): Scalar {
  return typeof ms === 'number' ? Math.round(ms * 1e6) : ms
}
