export { type CapturedLogs, type CaptureOptions, captureLogs } from './capture-logs.js'
export {
  type DestinationUnderTest,
  type TestDestinationOptions,
  testDestination,
} from './destination/test-destination.js'
export { type AssertNoLeaksOptions, assertNoLeaks } from './leaks/assert-no-leaks.js'
export type { LogRecord } from './log-record.js'
export type { LogMatch, LogPattern } from './match.js'
export { type LogMatchers, logMatchers } from './matchers.js'
