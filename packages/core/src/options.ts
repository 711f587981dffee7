import { checkOptions, entriesOf, type OptionChecker } from './check-options.js'
import type { Destination } from './destination.js'
import type { ErrorProperties } from './encode/error.js'
import type { Format } from './format/format.js'
import type { FormatName } from './format/formats.js'
import type { Serializers } from './logger/logger.js'
import type { MixinFunction } from './logger/mixin.js'
import type { Environment } from './logger/service.js'
import type { SamplingOptions } from './operation/sampling-options.js'
import type { RedactOptions } from './redact/options.js'

/** The options of `createLogger`. All are optional. The environment overrides `level`, `format` and `sampling.success`. */
export interface LoggerOptions {
  /** The field `service`. By default `SERVICE_NAME`, `OTEL_SERVICE_NAME`, or the name in the nearest package.json. */
  readonly service?: string
  /** The module's name: the field `logger`, which level directives match. */
  readonly name?: string
  /**
   * A level, or directives as in `LOG_LEVEL`, which overrides them. `debug` by default under NODE_ENV=development, else
   * `info`.
   */
  readonly level?: string
  /** Fields for every line. */
  readonly fields?: object
  /** Functions that replace a field's value before it is encoded, by the field's name: `{ user: ({ id }) => ({ id }) }`. */
  readonly serializers?: Serializers
  /**
   * Called once for each line that is logged, at the time of the call; never for a disabled level. Its result is redacted and
   * added to the context of the line. When it throws, the line is written without it. A line that it logs itself gets no
   * fields of it.
   */
  readonly mixin?: MixinFunction
  /** How errors are logged. */
  readonly errors?: ErrorOptions
  /** What to redact. By default the usual names of secrets; `false` switches redaction off. */
  readonly redact?: RedactOptions | false
  /** Which successful operations are kept. By default all. `LOG_SAMPLE_SUCCESS` overrides `success`. */
  readonly sampling?: SamplingOptions
  /** Where lines go. By default standard output; `LOG_DESTINATION` overrides it. */
  readonly destination?: Destination
  /**
   * The format of lines: the name of a log store, or a table of names. `json` by default; `LOG_FORMAT` overrides it. The
   * readable output ignores it.
   */
  readonly format?: FormatName | Format
  /** Adds `boot_id` and `seq` to each line, so that `throughline verify` finds a gap. `false` by default. */
  readonly sequence?: boolean
  /** The most bytes of a line, newline included; 16 KiB by default, where container runtimes split a line. At least 1024. */
  readonly maxLineBytes?: number
  /** The environment that settings are read from; `process.env` by default. */
  readonly env?: Environment
}

/** The option `errors`. */
export interface ErrorOptions {
  /**
   * Which own properties of an error are logged beside its message, type, stack and causes: `false` for none, or a list of
   * names. By default all enumerable ones. Bounds: 32 properties, 4,096 characters of JSON, 4 levels of nested objects.
   */
  readonly properties?: boolean | readonly string[]
}

/** Options with their defaults, checked. */
export interface CheckedOptions extends Omit<LoggerOptions, 'env' | 'maxLineBytes' | 'sequence'> {
  readonly env: Environment
  readonly maxLineBytes: number
  /** Whether the application has set `maxLineBytes`. */
  readonly isLimited: boolean
  readonly sequence: boolean
}

/** containerd and Docker's json-file split a line at 16 KiB. */
const DEFAULT_MAX_LINE_BYTES = 16 * 1024
const LEAST_LINE_BYTES = 1024
/** V8's longest string is 512 MiB; a line near it would be no line. */
const MOST_LINE_BYTES = 16 * 1024 * 1024

const KNOWN = [
  ...(['service', 'name', 'level', 'fields', 'serializers', 'mixin', 'errors'] as const),
  ...(['redact', 'sampling', 'destination', 'format', 'sequence', 'maxLineBytes', 'env'] as const),
]

/** @throws TypeError naming the option, what was given, and what would be accepted. */
export function checkLoggerOptions(options: LoggerOptions): CheckedOptions {
  const check = checkOptions('createLogger', options, KNOWN)
  check.string('service', 'a name')
  check.string('name', 'a name, such as "db" or "http.client"')
  check.table('fields', 'an object')
  check.function('mixin')
  checkSerializers(check)
  check.nested('errors', ['properties']).check('properties', isProperties, 'true, false, or an array of names')
  checkDestination(check)
  const sequence = check.boolean('sequence', false)
  const range = { least: LEAST_LINE_BYTES, most: MOST_LINE_BYTES, whole: true }
  const maxLineBytes = check.number('maxLineBytes', DEFAULT_MAX_LINE_BYTES, range)
  const env = check.table('env', 'an object of settings') ?? process.env
  return { ...check.given, env, sequence, maxLineBytes, isLimited: check.given.maxLineBytes !== undefined }
}

function isProperties(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')
}

/** What the encoder takes for the option `errors`. */
export function errorProperties(errors: ErrorOptions | undefined): ErrorProperties {
  const properties = errors?.properties ?? true
  return typeof properties === 'boolean' ? properties : new Set(properties)
}

function checkSerializers(check: OptionChecker<LoggerOptions>): void {
  const serializers = check.table('serializers', 'an object of functions')
  for (const [name, serializer] of entriesOf(serializers ?? {})) {
    if (typeof serializer !== 'function') throw check.refused(`serializers: { ${name} }`, serializer, 'a function')
  }
}

function checkDestination(check: OptionChecker<LoggerOptions>): void {
  const { destination } = check.given
  if (destination === undefined) return
  for (const method of ['write', 'flush', 'flushSync', 'close'] as const) {
    if (typeof (destination as Partial<Destination> | null)?.[method] !== 'function') {
      const accepted = `an object with write, flush, flushSync and close (${method} is missing)`
      throw check.refused('destination', destination, accepted)
    }
  }
}
