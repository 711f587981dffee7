import { step } from '../redact/paths.js'
import type { Redactor } from '../redact/redactor.js'
import { ERROR_NAMES } from './error.js'
import { KeyFlag } from './key-table.js'
import type { Layout } from './layout.js'
import { isPairValue } from './pairs.js'

/** The logger writes these itself; a field of such a name is kept under `field_<name>`. */
const RESERVED = [
  ...['timestamp', 'level', 'message', 'service', 'logger', 'log_type'],
  ...['sample_rate', 'truncated', 'boot_id', 'seq'],
]
/** The ids of the thread: the context's stand on the line; a differing field is kept under `field_<name>`. */
const CORRELATION = ['request_id', 'trace_id', 'span_id', 'parent_span_id']

/** Where a call's fields cannot be read, this says so. */
export const FAILURE = 'logging_error'

/** What one searches by: cut by the line budget last of all. */
export const UNCUT = [...RESERVED.filter((name) => name !== 'message'), ...CORRELATION]

/** Whether a field is an id of the request's thread. */
export function isCorrelation(name: string): boolean {
  return CORRELATION.includes(name)
}

/** What makes a key of this name more than a key, in this layout and under this redaction. */
export function flagsOf(key: string, layout: Layout, redactor: Redactor | undefined): number {
  let flags = 0
  if (RESERVED.includes(key) || layout.isTaken(key)) flags |= KeyFlag.reserved
  if (layout.isShaped(key) || layout.isOutside(key)) flags |= KeyFlag.shaped
  if (CORRELATION.includes(key)) flags |= KeyFlag.correlation
  if (key === 'error') flags |= KeyFlag.error
  if (key === 'toJSON') flags |= KeyFlag.toJson
  if (key.startsWith('field_') || key === FAILURE || ERROR_NAMES.includes(key)) flags |= KeyFlag.bound
  if (redactor !== undefined && isPairValue(key)) flags |= KeyFlag.pairValue
  if (redactor?.isStructured(key) === true) flags |= KeyFlag.structured
  else if (redactor?.isPath(key) === true) flags |= KeyFlag.query
  if (redactor?.paths !== undefined && step(redactor.paths, key) !== undefined) flags |= KeyFlag.path
  return flags
}
