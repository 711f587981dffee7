/**
 * The logger: levels, fields, context, operations, redaction, sampling and destinations.
 *
 * @module throughline
 */
export type { Carrier } from './context/carrier.js'
export { type Context, context } from './context/context.js'
export type { RequestIdRejection } from './context/request-id.js'
export { createLogger } from './create-logger.js'
export type { FileDestination } from './destination/appended-file.js'
export { type Branch, fanOut } from './destination/fan-out.js'
export { type FileOptions, file } from './destination/file.js'
export { type MemoryDestination, type MemoryOptions, memory } from './destination/memory.js'
export { type PrettyOptions, pretty } from './destination/pretty.js'
export type { RotateOptions } from './destination/rotation/options.js'
export { type StdoutOptions, stderr, stdout } from './destination/stdout.js'
export { type StreamOptions, stream } from './destination/stream.js'
export type { TransportHealth } from './destination/transport-health.js'
export type { WritePolicy } from './destination/write-policy.js'
export type { Destination, FlushOptions, LineMaker } from './destination.js'
export type { Fields } from './encode/field.js'
export type { TypedEvent } from './encode/typed-event.js'
export type { Format, Scalar } from './format/format.js'
export type { FormatName } from './format/formats.js'
export { LEVELS, type LevelName, type LevelThreshold } from './levels/level.js'
export { type LevelChange, setLevel } from './levels/live-levels.js'
export { type WatchLevelOptions, watchLevel } from './levels/watch.js'
export type {
  ActiveOperation,
  ChildOptions,
  Logger,
  LogMethod,
  OperationOptions,
  OperationOutcome,
  Serializers,
} from './logger/logger.js'
export type { Environment } from './logger/service.js'
export type { Stats } from './logger/stats.js'
export { currentOperation } from './operation/operation.js'
export type { Beginning, Ending, SamplingOptions, SamplingRule } from './operation/sampling-options.js'
export type { ErrorOptions, LoggerOptions } from './options.js'
export type { Censor } from './redact/censor.js'
export type { RedactOptions } from './redact/options.js'
export type { Redactor } from './redact/redactor.js'
