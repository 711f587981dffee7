import type { Span } from './error.js'
import type { Labels } from './labels.js'
import { compileAnchored } from './regexp.js'

/** How a label's text is compared: equal, not equal, matching an RE2 expression as a whole, or not matching it. */
export type MatcherOperator = '=' | '!=' | '=~' | '!~'

/** A condition on a label's text. A label that is absent has the empty text. */
export type Matcher = {
  readonly name: string
  readonly operator: MatcherOperator
  readonly value: string
  /** Reports whether a label's value meets the matcher. */
  test(value: string): boolean
}

/**
 * Creates a matcher. Throws a LogQLError where the expression is no RE2 expression.
 *
 * @param flags `s` in stream selectors, `drop` and `keep`, where Loki lets a dot match a line break.
 */
export function createMatcher(
  name: string,
  operator: MatcherOperator,
  value: string,
  { flags, span }: { readonly flags: 's' | ''; readonly span?: Span },
): Matcher {
  return { name, operator, value, test: testOf(operator, value, flags, span) }
}

function testOf(operator: MatcherOperator, value: string, flags: 's' | '', span?: Span): (text: string) => boolean {
  if (operator === '=') return (text) => text === value
  if (operator === '!=') return (text) => text !== value
  const matches = compileAnchored(value, flags, span)
  return operator === '=~' ? matches : (text) => !matches(text)
}

/** Reports whether labels meet every matcher. */
export function matches(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ name, test }) => test(labels[name] ?? ''))
}
