import type { CompiledFormat } from '../format/compiled-format.js'
import { fieldFormat } from '../format/field-format.js'
import { step } from '../redact/paths.js'
import type { Redactor } from '../redact/redactor.js'
import { CORRELATION, FAILURE, RESERVED } from './field-names.js'
import { KeyFlag, type KeyRules } from './key-table.js'

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
  if (redactor?.holdsValue(key) === true) flags |= KeyFlag.pairValue
  if (redactor?.isStructured(key) === true) flags |= KeyFlag.structured
  else if (redactor?.isPath(key) === true) flags |= KeyFlag.query
  if (redactor?.paths !== undefined && step(redactor.paths, key) !== undefined) flags |= KeyFlag.path
  return flags
}
