import { compare } from '../compare.js'
import type { NumberOperator } from '../engine.js'
import type { LabelFilter } from '../query.js'
import { type Parsed, parseBytes, parseGoDuration, parseGoFloat } from '../units.js'
import type { Stage } from './entry.js'
import { type Entry, errorDetailsLabel, errorLabel } from './entry.js'
import { createIpMatcher } from './ip.js'

const labelFilterError = 'LabelFilterErr'

/** Compiles `| status >= 500 and method="GET"`. */
export function createLabelFilter(filter: LabelFilter): Stage {
  switch (filter.kind) {
    case 'matcher': {
      const { name, test } = filter.matcher
      return (entry) => test(textOf(entry, name))
    }
    case 'number':
      return createComparison(filter, parseGoFloat)
    case 'duration':
      return createComparison(filter, parseGoDuration)
    case 'bytes':
      return createComparison(filter, parseBytes)
    case 'ip': {
      const matches = createIpMatcher(filter.pattern)
      return (entry) => {
        if (entry.error !== '') return true
        const value = entry.get(filter.name)
        return value !== undefined && matches(value) !== filter.negated
      }
    }
    default: {
      const [left, right] = [createLabelFilter(filter.left), createLabelFilter(filter.right)]
      if (filter.kind === 'or') return (entry) => left(entry) || right(entry)
      // Both sides run: the right one may record an error even where the left one drops the line.
      return (entry) => {
        const passed = left(entry)
        return right(entry) && passed
      }
    }
  }
}

function textOf(entry: Entry, name: string): string {
  if (name === errorLabel) return entry.error
  if (name === errorDetailsLabel) return entry.errorDetails
  return entry.get(name) ?? ''
}

/** A value that cannot be converted keeps the line and sets `__error__`; a label that is absent drops the line. */
function createComparison<T extends number | bigint>(
  { name, operator, value }: { readonly name: string; readonly operator: NumberOperator; readonly value: T },
  parse: (text: string) => Parsed<T>,
): Stage {
  return (entry) => {
    const text = entry.get(name)
    if (text === undefined) return false
    const parsed = parse(text)
    if ('value' in parsed) return compare(operator, parsed.value, value)
    if (entry.error === '') entry.fail(labelFilterError, parsed.error)
    return true
  }
}

/** Returns the names of the labels that a filter reads. */
export function filterLabels(filter: LabelFilter): readonly string[] {
  if (filter.kind === 'matcher') return [filter.matcher.name]
  return 'left' in filter ? [...filterLabels(filter.left), ...filterLabels(filter.right)] : [filter.name]
}
