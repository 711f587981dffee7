import type { Extraction } from '../query.js'
import type { Stage } from './entry.js'
import { type Entry, errorLabel } from './entry.js'
import { replaceInvalid } from './json-scan.js'
import { LogfmtReader } from './logfmt-reader.js'
import { sanitizeKey } from './sanitize.js'

const logfmtParserError = 'LogfmtParserErr'

type Options = { readonly strict: boolean; readonly keepEmpty: boolean }

/**
 * `| logfmt`: every pair becomes a label.
 *
 * @param options.strict  a line that is no logfmt gets `__error__`, instead of the pairs that can be read.
 * @param options.keepEmpty  a key without a value becomes a label as well.
 */
export function createLogfmtStage({ strict, keepEmpty }: Options): Stage {
  return (entry) => {
    const { hints } = entry
    if (hints.nothing) return true
    const reader = new LogfmtReader(entry.line)
    while (!reader.done) {
      if (!reader.next()) {
        if (strict) break
        continue
      }
      const field = sanitizeKey(reader.key)
      if (field === '') continue
      const name = entry.nameFor(field)
      if (!hints.wants(name)) continue
      const value = replaceInvalid(reader.value)
      if (value === '' && !keepEmpty) continue
      entry.set(name, value)
      if (!hints.allows(name, entry)) return false
      if (hints.complete) break
    }
    failStrict(entry, reader, strict)
    return reader.error === undefined || !strict || hints.allows(errorLabel, entry)
  }
}

function failStrict(entry: Entry, reader: LogfmtReader, strict: boolean): void {
  if (strict && reader.error !== undefined) entry.failParsing(logfmtParserError, reader.error)
}

/** `| logfmt a, b="c"`: only these labels, each set even where the line has no such key. */
export function createLogfmtExtraction(extract: readonly Extraction[], { strict }: Options): Stage {
  const wanted = new Map(extract.map(({ label, expression }) => [label, expression.replace(/^"|"$/g, '')]))
  return (entry) => {
    const { hints } = entry
    if (hints.nothing) return true
    for (const label of wanted.keys()) if (!entry.isTaken(label)) entry.set(label, '')
    const reader = new LogfmtReader(entry.line)
    while (!reader.done) {
      if (!reader.next()) {
        if (strict) break
        continue
      }
      if (!storeExtraction(entry, reader, wanted)) break
    }
    failStrict(entry, reader, strict)
    return true
  }
}

/** Returns false where nothing further is needed. */
function storeExtraction(entry: Entry, reader: LogfmtReader, wanted: ReadonlyMap<string, string>): boolean {
  const { hints } = entry
  const key = sanitizeKey(reader.key)
  if (key === '' || (!wanted.has(key) && (!hints.needs(key) || hints.has(key)))) return true
  const value = reader.value.includes('\ufffd') ? '' : reader.value
  let name = key
  for (const [label, expression] of wanted) {
    if (expression === key) {
      name = label
      break
    }
  }
  if (!wanted.has(name)) return true
  if (entry.isTaken(name)) {
    name = `${name}_extracted`
    if (!hints.wants(name)) return false
  }
  entry.set(name, value)
  return !hints.complete
}
