import { isMainThread } from 'node:worker_threads'
import { type OptionChecker, propertyOf } from '../check-options.js'

/**
 * When lines reach the descriptor. Under every policy warnings and worse are written before the call returns, with
 * everything that waits before them.
 *
 * - `line`: each line before its call returns. Nothing is ever in memory; each line costs a write.
 * - `turn` (default): at the end of the event-loop turn, or when 16 KiB have gathered.
 * - `{ bytes, ms }`: when so many bytes have gathered, or after so many milliseconds.
 */
export type WritePolicy = 'line' | 'turn' | { readonly bytes: number; readonly ms: number }

/** In a worker thread `line`, since the end of the main thread ends a worker without letting it write anything. */
export function usualPolicy(): WritePolicy {
  return isMainThread ? 'turn' : 'line'
}

/**
 * The option `policy`.
 *
 * @throws TypeError when it is none of the three.
 */
export function checkPolicy(options: OptionChecker<{ readonly policy?: WritePolicy }>): WritePolicy {
  return options.check('policy', isPolicy, "'line', 'turn', or { bytes, ms } with positive numbers") ?? usualPolicy()
}

function isPolicy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === 'line' || value === 'turn'
  return isPositive(propertyOf(value, 'bytes')) && isPositive(propertyOf(value, 'ms'))
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
