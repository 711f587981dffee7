/**
 * LogQL: parses a query to a plan and runs it on an engine.
 *
 * @module @throughline/logql
 */
export type { Condition, Count, CountRequest, Engine, NumberOperator, Row, ScanRequest, Stream } from './engine.js'
export { LogQLError, type LogQLErrorKind, type Span } from './error.js'
export type { Labels } from './labels.js'
export { defaultLimits, type Limits } from './limits.js'
export { type Matcher, type MatcherOperator, matches } from './matcher.js'
export { instantParameters, rangeParameters, timeRange } from './parameters.js'
export { parseSelector, queryKind } from './parse/parse.js'
export type { Categories, Point, QueryData, StreamResult, StreamValue } from './result.js'
export { type InstantOptions, queryInstant, queryRange, type RangeOptions } from './run.js'
