import { withoutWhiteSpace } from './white-space.js'

/** The recommendation's most members of a list; a longer one is no `tracestate`. */
const MOST_MEMBERS = 32
// Level 2's grammar, which takes every key of level 1 too.
const MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/**
 * Reads a `tracestate` value, already joined by commas where it came in several headers. Members stay as they were and in
 * their order; of a key that stands twice, the first, which is the most recent.
 *
 * @returns the list as one header value, or `undefined` when it is empty or one member breaks the grammar.
 */
export function parseTracestate(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const members = new Map<string, string>()
  for (const part of value.split(',')) {
    // A value's leading spaces belong to it, but they come after the key.
    const member = withoutWhiteSpace(part)
    if (member === '') continue
    if (!MEMBER.test(member)) return undefined
    const key = member.slice(0, member.indexOf('='))
    if (!members.has(key)) members.set(key, member)
    if (members.size > MOST_MEMBERS) return undefined
  }
  return members.size === 0 ? undefined : [...members.values()].join(',')
}
