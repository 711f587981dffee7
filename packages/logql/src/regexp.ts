import { RE2JS } from 're2js'
import { invalid, type Span } from './error.js'

/**
 * A regular expression as RE2 reads it: linear time, leftmost-first. JavaScript's own expressions read some patterns
 * differently (`\pN`, `(?i)`, `\Q…\E`, `\C`, `$` before a line break) and can take exponential time.
 */
export type Regexp = {
  /** The number of groups. */
  readonly groups: number
  /** The names of groups that have one, by their number. */
  readonly names: ReadonlyMap<number, string>
  /** Reports whether a part of the text matches. */
  test(text: string): boolean
  /** Returns the first match and its groups: `[0]` is the match, undefined a group that took no part. */
  find(text: string): readonly (string | undefined)[] | undefined
  /** Counts the matches that do not overlap. */
  count(text: string): number
  /** Replaces each match; `$1`, `$name` and `${name}` stand for groups, as in Go. */
  replaceAll(text: string, replacement: string): string
}

const literal = /^[^\\.+*?()|[\]{}^$]*$/

/** Compiles an expression. Throws what Loki's parser would say. */
export function compileRegexp(pattern: string, span?: Span): Regexp {
  const re = compile(pattern, span)
  const names = new Map(Object.entries(re.namedGroups()).map(([name, index]) => [index, name]))
  const test = literal.test(pattern)
    ? (text: string) => text.includes(pattern)
    : (text: string) => re.matcher(text).find()
  return {
    groups: re.groupCount(),
    names,
    test,
    find(text) {
      const matcher = re.matcher(text)
      if (!matcher.find()) return undefined
      return Array.from({ length: re.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined)
    },
    count(text) {
      const matcher = re.matcher(text)
      let matches = 0
      while (matcher.find()) matches++
      return matches
    },
    replaceAll(text, replacement) {
      const matcher = re.matcher(text)
      let [replaced, from] = ['', 0]
      while (matcher.find()) {
        const groups = Array.from({ length: re.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined)
        replaced += text.slice(from, matcher.start()) + expand(replacement, groups, names)
        from = matcher.end()
      }
      return replaced + text.slice(from)
    },
  }
}

/**
 * Compiles an expression that has to match the whole text, and returns its test.
 *
 * @param flags `s` where a dot matches a line break too, as in Loki's stream selectors.
 */
export function compileAnchored(pattern: string, flags: 's' | '', span?: Span): (text: string) => boolean {
  // Compiled alone first: `a)(b` must not become an expression by being wrapped.
  compile(pattern, span)
  const alternatives = pattern.split('|')
  if (alternatives.every((alternative) => literal.test(alternative))) return (text) => alternatives.includes(text)
  const re = compile(flags === '' ? `^(?:${pattern})$` : `^(?${flags}:${pattern})$`, span)
  return (text) => re.matcher(text).find()
}

/** Replaces `$1`, `$name` and `${name}` by groups, as Go's `Regexp.Expand` does: a name is as long as it can be, `$$` is a dollar. */
export function expand(
  template: string,
  groups: readonly (string | undefined)[],
  names: ReadonlyMap<number, string>,
): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare
    if (name === undefined) return '$'
    if (/^\d+$/.test(name)) return groups[Number(name)] ?? ''
    for (const [index, known] of names) if (known === name && groups[index] !== undefined) return groups[index]
    return ''
  })
}

function compile(pattern: string, span: Span | undefined): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), span)
  }
}
