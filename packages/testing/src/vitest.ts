/**
 * Adds the matchers to vitest's `expect`: `import '@throughline/testing/vitest'` in a setup file.
 *
 * @module @throughline/testing/vitest
 */
import { expect } from 'vitest'
import { type LogMatchers, logMatchers } from './matchers.js'

declare module 'vitest' {
  // The parameters are vitest's own, whose interface this extends.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends LogMatchers<R> {}
}

expect.extend(logMatchers)
