/**
 * For tests: what was logged, whether anything secret was, and whether a destination keeps its promises.
 *
 * @module @throughline/testing
 */
export { type CapturedLogs, type CaptureOptions, captureLogs } from './capture-logs.js'
export { testDestination } from './destination/test-destination.js'
export type { DestinationUnderTest, TestDestinationOptions } from './destination/under-test.js'
export { type AssertNoLeaksOptions, assertNoLeaks } from './leaks/assert-no-leaks.js'
export type { LogRecord } from './log-record.js'
export type { LogMatch, LogPattern } from './match.js'
export { type LogMatchers, logMatchers } from './matchers.js'
