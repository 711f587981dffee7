import { invalid, LogQLError, type Span } from '../error.js'
import { compileRegexp, type Regexp } from '../regexp.js'
import type { Stage } from './entry.js'
import { sanitizeKey } from './sanitize.js'

/** `| regexp "(?P<status>\\d+)"`: the named groups of the first match become labels. */
export function createRegexpStage(pattern: string, span?: Span): Stage {
  const regexp = compile(pattern, span)
  if (regexp.names.size === 0) throw invalid('invalid regexp parser: at least one named capture must be supplied', span)
  return (entry) => {
    const groups = regexp.find(entry.line)
    if (!groups) return true
    for (const [index, name] of [...regexp.names].sort(([a], [b]) => a - b)) {
      const label = entry.nameFor(sanitizeKey(name))
      if (!entry.hints.wants(label)) continue
      entry.set(label, groups[index] ?? '')
      if (!entry.hints.allows(label, entry)) return false
    }
    return true
  }
}

function compile(pattern: string, span: Span | undefined): Regexp {
  try {
    return compileRegexp(pattern, span)
  } catch (error) {
    if (error instanceof LogQLError) throw invalid(`invalid regexp parser: ${error.message}`, span)
    throw error
  }
}
