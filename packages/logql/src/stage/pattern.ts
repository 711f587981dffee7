import { invalid, type Span } from '../error.js'
import type { Stage } from './entry.js'

/** A part of a pattern: a text, or a capture, whose name is `_` where it has none. */
type Part = { readonly text: string } | { readonly capture: string }

function parsePattern(pattern: string): readonly Part[] {
  const parts: Part[] = []
  let from = 0
  for (const match of pattern.matchAll(/<([A-Za-z_]\w*)>/g)) {
    if (match.index > from) parts.push({ text: pattern.slice(from, match.index) })
    parts.push({ capture: match[1] ?? '' })
    from = match.index + match[0].length
  }
  if (from < pattern.length) parts.push({ text: pattern.slice(from) })
  return parts
}

function checkNeighbours(parts: readonly Part[], span: Span | undefined): void {
  parts.forEach((part, index) => {
    const next = parts[index + 1]
    if ('capture' in part && next && 'capture' in next)
      throw invalid(`found consecutive capture '<${part.capture}><${next.capture}>': invalid expression`, span)
  })
}

/** `| pattern "<ip> - <user>"`: what stands between the texts of the pattern becomes labels. */
export function createPatternStage(pattern: string, span?: Span): Stage {
  const parts = parsePattern(pattern)
  const names = parts.flatMap((part) => ('capture' in part && part.capture !== '_' ? [part.capture] : []))
  if (names.length === 0) throw invalid('invalid pattern parser: at least one capture is required', span)
  checkNeighbours(parts, span)
  const duplicate = names.find((name, index) => names.indexOf(name) !== index)
  if (duplicate !== undefined)
    throw invalid(`invalid pattern parser: duplicate capture name (${duplicate}): invalid expression`, span)
  return (entry) => {
    if (entry.hints.nothing) return true
    for (const [name, value] of capture(parts, entry.line)) {
      const label = entry.nameFor(name)
      if (!entry.hints.wants(label)) continue
      entry.set(label, value)
      if (!entry.hints.allows(label, entry)) return false
    }
    return true
  }
}

/** Returns the captures. Where a text of the pattern is missing, the capture before it takes the rest, and is the last. */
function capture(parts: readonly Part[], line: string): readonly (readonly [name: string, value: string])[] {
  const captured: [string, string][] = []
  if (line === '') return captured
  let rest = line
  let index = 0
  const first = parts[0]
  if (first && 'text' in first) {
    if (!line.startsWith(first.text)) return captured
    rest = line.slice(first.text.length)
    index = 1
  }
  for (; index < parts.length; index += 2) {
    const [part, next] = [parts[index], parts[index + 1]]
    if (!part || !('capture' in part)) break
    const at = next && 'text' in next ? rest.indexOf(next.text) : -1
    const value = at === -1 ? rest : rest.slice(0, at)
    if (part.capture !== '_') captured.push([part.capture, value])
    if (at === -1 || !next || !('text' in next)) break
    rest = rest.slice(at + next.text.length)
  }
  return captured
}

/** `|> "<_> finished"`: a test for lines that look like the pattern. A capture has to take at least one character. */
export function createPatternFilter(pattern: string, span?: Span): (line: string) => boolean {
  const parts = parsePattern(pattern)
  checkNeighbours(parts, span)
  const named = parts.find((part) => 'capture' in part && part.capture !== '_')
  if (named && 'capture' in named) throw invalid(`named captures are not allowed: found '<${named.capture}>'`, span)
  const last = parts.at(-1)
  return (line) => {
    if (line === '' || !last) return line === '' && !last
    let from = 0
    for (const [index, part] of parts.entries()) {
      if (!('text' in part)) continue
      const at = line.indexOf(part.text, from)
      if (at === -1 || (index > 0 && at === from)) return false
      from = at + part.text.length
    }
    return 'capture' in last === (from !== line.length)
  }
}
