import type { Span } from '../error.js'
import type { LineOperator } from '../query.js'
import { compileRegexp } from '../regexp.js'
import type { Stage } from './entry.js'
import { createIpMatcher } from './ip.js'
import { createPatternFilter } from './pattern.js'

type LineFilter = {
  readonly operator: LineOperator
  readonly of: readonly { readonly ip: boolean; readonly value: string }[]
  readonly span: Span
}

/** Compiles `|= "a" or "b"`. A negated filter drops a line that any of its texts is found in. */
export function createLineFilter({ operator, of, span }: LineFilter): Stage {
  const tests = of.map(({ ip, value }) => (ip ? createIpMatcher(value, span) : createTest(operator, value, span)))
  const negated = operator.startsWith('!')
  const [only] = tests
  if (only && tests.length === 1) return ({ line }) => only(line) !== negated
  return ({ line }) => tests.some((test) => test(line)) !== negated
}

function createTest(operator: LineOperator, value: string, span: Span): (line: string) => boolean {
  switch (operator) {
    case '|=':
    case '!=':
      return (line) => line.includes(value)
    case '|~':
    case '!~':
      return compileRegexp(value, span).test
    case '|>':
    case '!>':
      return createPatternFilter(value, span)
  }
}
