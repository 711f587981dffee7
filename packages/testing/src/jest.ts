/**
 * Adds the matchers to jest's `expect`: `import '@throughline/testing/jest'` in a setup file.
 *
 * @module @throughline/testing/jest
 */
import { expect } from '@jest/globals'
import { type LogMatchers, logMatchers } from './matchers.js'

declare module 'expect' {
  // The parameters are jest's own, whose interface this extends.
  interface Matchers<R extends void | Promise<void>, T = unknown> extends LogMatchers<R> {}
}

expect.extend(logMatchers)
