import type { Stage } from './entry.js'
import { jsonParserError } from './json.js'
import { eachField, JsonError, jsonText, unescapeJson } from './json-scan.js'
import { sanitizeKey } from './sanitize.js'

/** `| unpack`: takes apart what Promtail's `pack` stage made: labels, and the line under `_entry`. */
export const unpackStage: Stage = (entry) => {
  const { line, hints } = entry
  if (line === '' || hints.nothing) return true
  if (!line.startsWith('{')) {
    entry.failParsing(jsonParserError, 'expecting json object(6), but it is not')
    return true
  }
  const labels: [name: string, value: string][] = []
  let packed: string | undefined
  try {
    eachField(line, (key, { type, raw }) => {
      if (type !== 'string') return true
      if (key === '_entry') {
        packed = unescapeJson(raw)
        if (packed === undefined) throw new JsonError('Encountered an invalid escape sequence in a string')
      } else {
        const name = entry.nameFor(key)
        if (hints.wants(name)) labels.push([sanitizeKey(name), jsonText(raw)])
      }
      return true
    })
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    entry.failParsing(jsonParserError, error.message)
    return true
  }
  if (packed === undefined) return true
  for (const [name, value] of labels) {
    entry.set(name, value)
    if (!hints.allows(name, entry)) return false
  }
  entry.line = packed
  return true
}
