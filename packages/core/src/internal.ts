/**
 * What only the packages of this repository import. It has no stability of its own: they pin the exact version of the core.
 *
 * @module throughline/internal
 */
export {
  checkOptions,
  entriesOf,
  type NumberRange,
  type OptionChecker,
  propertyOf,
  type Refuse,
  refused,
} from './check-options.js'
export { activeSpan, serverSpan } from './context/active-span.js'
export { contextSpan } from './context/carrier.js'
export { isOwnTraffic, ownTraffic } from './context/own-traffic.js'
export { rejectionOf } from './context/request-id.js'
export { type ContextStore, currentStore, innerStore, runInStore } from './context/store.js'
export { type ActiveSpan, newTrace, type TraceDetails, type TracePlace, traceFields } from './context/trace.js'
export {
  incomingTrace,
  OWN_TRACE,
  parseOwnTrace,
  TRACEPARENT,
  TRACESTATE,
  traceHeaders,
} from './context/trace-headers.js'
export { generateSpanId, parseTraceparent, type TraceParent } from './context/trace-parent.js'
export { type Owner, stateOf, thisOwner } from './destination/owner.js'
export { BoundedText } from './encode/bounded-text.js'
export { errorFacts, isError, traceback } from './encode/error.js'
export type { EventHost, EventWriter } from './encode/event-host.js'
export { KeyFlag, type KeyInfo } from './encode/key-table.js'
export { numberText } from './encode/number.js'
export type { LogRecord } from './encode/record.js'
export { quote } from './encode/string.js'
export { hasQuery } from './encode/value.js'
export { FORMAT_NAMES } from './format/formats.js'
export { ATTRIBUTE_NAMES, RESOURCE_NAMES, SEVERITY_NUMBERS } from './format/otel-names.js'
export { readFormat } from './format/read-format.js'
export { globMatcher, isGlob } from './glob.js'
export { parseLevel } from './levels/level.js'
export { beginning, cells } from './pretty/cells.js'
export { fieldNames, placesOf } from './pretty/field-choice.js'
export { harmless, oneLine } from './pretty/printable.js'
export { isSummary, Renderer, type RenderOptions, shortId } from './pretty/render.js'
export { TimeText } from './pretty/render-time.js'
export { QuantileSketch } from './quantile-sketch.js'
export { compileRedaction } from './redact/redactor.js'
export type { Classification } from './redact/schema-censor.js'
export { warnOnce } from './warn.js'
