import { invalid } from '../error.js'
import type { Extraction } from '../query.js'
import type { Stage } from './entry.js'
import { jsonParserError } from './json.js'
import { eachPath } from './json-path.js'
import { type JsonValue, jsonText } from './json-scan.js'

/** `| json status, agent="request.headers[0]"`: only these values, each label set even where the line has no such value. */
export function createJsonExtraction(extract: readonly Extraction[]): Stage {
  const paths = extract.map(({ expression, span }) => {
    const path = parseJsonPath(expression)
    if (!path) throw invalid(`cannot parse expression [${expression}]`, span)
    return path
  })
  return (entry) => {
    const { line } = entry
    if (line === '' || entry.hints.nothing) return true
    if (!/^["{[]/.test(line)) {
      entry.failParsing(jsonParserError)
      return true
    }
    let matches = 0
    eachPath(line, paths, (index, value) => {
      if (value instanceof Error) {
        entry.failParsing(jsonParserError, value.message)
        return
      }
      const label = extract[index]?.label ?? ''
      entry.set(entry.nameFor(label), textOf(value))
      matches++
    })
    if (matches < extract.length)
      for (const { label } of extract) if (entry.get(label) === undefined) entry.set(label, '')
    return true
  }
}

function textOf({ type, raw }: JsonValue): string {
  if (type === 'null') return ''
  return type === 'object' ? raw : jsonText(raw)
}

/** Parses `a.b[0]["c d"]` to `['a', 'b', '[0]', 'c d']`; undefined where it is no path. */
function parseJsonPath(expression: string): readonly string[] | undefined {
  const token =
    /[ \t\n]{0,99}(?:(\.)?[ \t\n]{0,99}([A-Za-z_]\w*)|\[[ \t\n]{0,99}(?:(\d+)|"([^"\]]{0,999})"?)[ \t\n]{0,99}\])/y
  const path: string[] = []
  let at = 0
  while (at < expression.length && expression.slice(at).trim() !== '') {
    token.lastIndex = at
    const match = token.exec(expression)
    if (!match) return undefined
    const [all, dot, field, index, quoted] = match
    // A field stands at the start without a dot, and behind anything else with one.
    if (field !== undefined && (path.length === 0) !== (dot === undefined)) return undefined
    path.push(field ?? (index === undefined ? (quoted ?? '') : `[${Number(index)}]`))
    at += all.length
  }
  return path.length === 0 ? undefined : path
}
