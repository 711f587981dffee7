import type { CompiledFormat } from '../format/compiled-format.js'
import { fieldFormat } from '../format/field-format.js'
import { step } from '../redact/paths.js'
import type { Redactor } from '../redact/redactor.js'
import { KeyFlag, type KeyRules } from './key-table.js'
import { isPairValue } from './pairs.js'

/** The logger writes these itself; a field of such a name is kept under `field_<name>`. */
const RESERVED = [
  ...['timestamp', 'level', 'message', 'service', 'logger', 'log_type'],
  ...['sample_rate', 'truncated', 'boot_id', 'seq'],
]
/** The ids of the request: the context's stand on the line; a field that differs is kept under `field_<name>`. */
const CORRELATION = ['request_id', 'trace_id', 'span_id', 'parent_span_id']

/** The field that says that a call's fields could not be read. */
export const FAILURE = 'logging_error'

/** Fields that people search by: truncated last of all. */
export const UNCUT = [...RESERVED.filter((name) => name !== 'message'), ...CORRELATION]

/** Whether a field is an id of the request. */
export function isCorrelation(name: string): boolean {
  return CORRELATION.includes(name)
}

/** What a key means in this format and under this redaction. */
export function keyRules(format: CompiledFormat, redactor: Redactor | undefined, onCut: () => void): KeyRules {
  return {
    flags: (key) => flagsOf(key, format, redactor),
    rule: (key) => redactor?.keyRule(key),
    rename: (key) => format.name(key),
    format: (key) => fieldFormat(format.format, key),
    shown: (key) => redactor?.shownKey(key) ?? key,
    onCut,
  }
}

function flagsOf(key: string, format: CompiledFormat, redactor: Redactor | undefined): number {
  let flags = 0
  if (RESERVED.includes(key) || format.isTaken(key)) flags |= KeyFlag.reserved
  if (fieldFormat(format.format, key) !== undefined) flags |= KeyFlag.formatted
  if (CORRELATION.includes(key)) flags |= KeyFlag.correlation
  if (key === 'error') flags |= KeyFlag.error
  if (key === 'toJSON') flags |= KeyFlag.toJson
  if (key.startsWith('field_') || key === FAILURE) flags |= KeyFlag.bound
  if (redactor !== undefined && isPairValue(key)) flags |= KeyFlag.pairValue
  if (redactor?.isStructured(key) === true) flags |= KeyFlag.structured
  else if (redactor?.isPath(key) === true) flags |= KeyFlag.query
  if (redactor?.paths !== undefined && step(redactor.paths, key) !== undefined) flags |= KeyFlag.path
  return flags
}
