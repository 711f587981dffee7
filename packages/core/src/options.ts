import type { Destination } from './destination.js'
import type { Format } from './encode/format.js'
import type { Fields } from './encode/line.js'
import type { FormatName } from './format/formats.js'
import type { RedactOptions } from './redact/compile.js'
import type { SamplingOptions } from './sampling/options.js'
import type { Environment } from './service.js'

/** The options of `createLogger`. Each has a default; the environment wins over `level` and `sampling.success`. */
export interface LoggerOptions {
  /** The line's `service`. Else `SERVICE_NAME`, `OTEL_SERVICE_NAME`, or the nearest package.json's name. */
  readonly service?: string
  /** The module's name: the line's `logger`, and what directives are matched with. */
  readonly name?: string
  /** A level, or directives as in `LOG_LEVEL`, which wins over them. `debug` under NODE_ENV=development, else `info`. */
  readonly level?: string
  /** Fields for every line. */
  readonly fields?: Fields
  /** What is secret. The usual secret keys by default; `false` switches redaction off. */
  readonly redact?: RedactOptions | false
  /** Which successful operations are kept; all of them by default. `LOG_SAMPLE_SUCCESS` sets `success`. */
  readonly sampling?: SamplingOptions
  /** Where lines go; standard output by default. `LOG_DESTINATION` wins. */
  readonly destination?: Destination
  /**
   * How lines are written: for which log store, or by a table of one's own. `json` by default; `LOG_FORMAT` wins. Where lines
   * are rendered for people, they are so whatever the format.
   */
  readonly format?: FormatName | Format
  /** Puts `boot_id` and `seq` on each line, so that `throughline verify` finds a gap. `false` by default. */
  readonly sequence?: boolean
  /** The most a line takes, newline included; 16 KiB by default, where container runtimes split a line. At least 1024. */
  readonly maxLineBytes?: number
  /** The environment that settings are read from; `process.env` by default. */
  readonly env?: Environment
}

/** Options with their defaults, each known to be usable. */
export interface CheckedOptions extends Omit<LoggerOptions, 'env' | 'maxLineBytes' | 'sequence'> {
  readonly env: Environment
  readonly maxLineBytes: number
  readonly sequence: boolean
}

/** containerd and Docker's json-file split a line at 16 KiB. */
const DEFAULT_MAX_LINE_BYTES = 16 * 1024
const LEAST_LINE_BYTES = 1024
/** V8's longest string is 512 MiB; a line near it would be no line. */
const MOST_LINE_BYTES = 16 * 1024 * 1024

const KNOWN = [
  'service',
  'name',
  'level',
  'fields',
  'redact',
  'sampling',
  'destination',
  'format',
  'sequence',
  'maxLineBytes',
  'env',
] as const

/** @throws TypeError naming the option, what was given, and what would be accepted. */
export function checkOptions(options: LoggerOptions): CheckedOptions {
  if (!isObject(options)) throw refused('options', options, 'an object')
  for (const key of Object.keys(options)) {
    if (!(KNOWN as readonly string[]).includes(key)) {
      throw new TypeError(`createLogger: unknown option "${key}"; accepted: ${KNOWN.join(', ')}`)
    }
  }
  const { service, name, fields, destination, sequence = false, maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options
  if (service !== undefined && !isText(service)) throw refused('service', service, 'a name')
  if (name !== undefined && !isText(name)) throw refused('name', name, 'a name, such as "db" or "http.client"')
  if (fields !== undefined && !isObject(fields)) throw refused('fields', fields, 'an object')
  if (destination !== undefined) checkDestination(destination)
  if (typeof sequence !== 'boolean') throw refused('sequence', sequence, 'true or false')
  if (!Number.isInteger(maxLineBytes) || maxLineBytes < LEAST_LINE_BYTES || maxLineBytes > MOST_LINE_BYTES) {
    throw refused('maxLineBytes', maxLineBytes, `a whole number from ${LEAST_LINE_BYTES} to ${MOST_LINE_BYTES}`)
  }
  const env = options.env ?? process.env
  if (!isObject(env)) throw refused('env', env, 'an object of settings')
  return { ...options, env, sequence, maxLineBytes }
}

function checkDestination(destination: Destination): void {
  for (const method of ['write', 'flush', 'flushSync', 'close'] as const) {
    if (typeof (destination as Partial<Destination> | null)?.[method] !== 'function') {
      throw refused(
        'destination',
        destination,
        `an object with write, flush, flushSync and close (${method} is missing)`,
      )
    }
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function refused(option: string, value: unknown, accepted: string): TypeError {
  const given = Array.isArray(value)
    ? 'a list'
    : typeof value === 'number' || value === null
      ? String(value)
      : isText(value) || typeof value !== 'string'
        ? typeof value
        : 'an empty text'
  return new TypeError(`createLogger({ ${option} }): got ${given}; accepted: ${accepted}`)
}
