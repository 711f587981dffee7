import type { Entry, Stage } from './entry.js'
import { eachField, JsonError, type JsonValue, jsonText } from './json-scan.js'
import { sanitizeKey, sanitizePath } from './sanitize.js'

export const jsonParserError = 'JSONParserErr'

/** `| json`: every field becomes a label. Nested ones are joined by underscores; arrays and null are left out. */
export const jsonStage: Stage = (entry) => {
  if (entry.hints.nothing) return true
  try {
    return extractFields(entry, entry.line, []) !== 'drop'
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    entry.failParsing(jsonParserError, error.message)
    return true
  }
}

/** Whether the end was reached, every label that the query needs has been found, or a label filter drops the line. */
type Outcome = 'end' | 'complete' | 'drop'

function extractFields(entry: Entry, text: string, path: readonly string[]): Outcome {
  let outcome: Outcome = 'end'
  eachField(text, (key, value) => {
    if (value.type === 'object') {
      const nested = [...path, key]
      if (entry.hints.needsPrefix(sanitizePath(nested))) outcome = extractFields(entry, value.raw, nested)
      return outcome === 'end'
    }
    if (value.type !== 'array' && value.type !== 'null') {
      const name = path.length === 0 ? sanitizeKey(key) : sanitizePath([...path, key])
      if (name !== '' || path.length > 0) {
        const kept = store(entry, name, path.length === 0 ? undefined : [...path, key], value)
        if (!kept) outcome = 'drop'
      }
    }
    if (entry.hints.complete) outcome = 'complete'
    return outcome === 'end'
  })
  return outcome
}

/** Returns false where a label filter drops the line. */
function store(entry: Entry, field: string, path: readonly string[] | undefined, value: JsonValue): boolean {
  const { hints } = entry
  // Of the many fields of a line, a metric query needs few.
  if (!hints.needs(field) && !hints.needs(`${field}_extracted`) && !path) return true
  let name = field
  if (entry.isTaken(field))
    name = path ? sanitizePath([...path.slice(0, -1), `${path.at(-1)}_extracted`]) : `${field}_extracted`
  if (!hints.wants(name)) return true
  entry.set(name, textOf(value))
  return hints.allows(name, entry)
}

function textOf({ type, raw }: JsonValue): string {
  return type === 'string' ? jsonText(raw) : raw
}
