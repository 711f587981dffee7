import { ExactNumber, isLossy } from '../record/exact-number.js'
import { LEVEL_WORDS, severityOf } from '../record/severity.js'
import type { Comparing, Comparison, Expression, Literal } from './expression.js'
import { Quantity, unitOfField } from './quantity.js'
import { type Token, tokensOf, WhereError } from './tokens.js'

/** Parentheses deeper than this are nobody's condition, and would only exhaust the stack. */
const DEEPEST = 200

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '~': '~',
  '!~': '!~',
}
const ORDERS: ReadonlySet<Comparison> = new Set(['<', '<=', '>', '>='])
const KEYWORDS = new Set(['and', 'or', 'not', 'in'])

/**
 * Reads a condition: comparisons (`=`, `!=`, `<`, `<=`, `>`, `>=`, `~`, `!~`), `field in (a, b)`, a bare `field` for
 * "has it", joined by `and`, `or`, `not` (`&&`, `||`, `!`) and parentheses; `not` binds strongest, `or` weakest.
 *
 * @throws WhereError saying what was expected, and where.
 */
export function parseWhere(text: string): Expression {
  return new Parser(text).whole()
}

class Parser {
  private readonly tokens: readonly Token[]
  private position = 0
  private depth = 0

  constructor(private readonly text: string) {
    this.tokens = tokensOf(text)
  }

  whole(): Expression {
    const expression = this.or()
    if (this.next.kind !== 'end') throw this.expected('"and", "or" or the end')
    return expression
  }

  private get next(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '', at: this.text.length }
  }

  private or(): Expression {
    let left = this.and()
    while (this.skip('or', '||')) left = { kind: 'or', left, right: this.and() }
    return left
  }

  private and(): Expression {
    let left = this.not()
    while (this.skip('and', '&&')) left = { kind: 'and', left, right: this.not() }
    return left
  }

  private not(): Expression {
    if (++this.depth > DEEPEST) throw new WhereError('nested too deeply', this.text, this.next.at)
    try {
      if (this.skip('not', '!')) return { kind: 'not', of: this.not() }
      if (!this.skip('', '(')) return this.condition()
      const inner = this.or()
      if (!this.skip('', ')')) throw this.expected('")"')
      return inner
    } finally {
      this.depth--
    }
  }

  private condition(): Expression {
    const { kind, text } = this.next
    const isField = kind === 'field' || (kind === 'word' && !KEYWORDS.has(text.toLowerCase()))
    if (!isField) throw this.expected('a field')
    this.position++
    if (this.skip('in', '')) return { kind: 'in', field: text, values: this.list(text) }
    const comparison = this.next.kind === 'operator' ? COMPARISONS[this.next.text] : undefined
    if (comparison === undefined) return { kind: 'present', field: text }
    this.position++
    const { at } = this.next
    const value = this.literal()
    checkUnit({ kind: 'compare', field: text, comparison, value }, this.text, at)
    if (comparison === '~' || comparison === '!~') checkPattern(value, this.text, at)
    if (text === 'level' && ORDERS.has(comparison) && severityOf(value) === undefined)
      throw new WhereError(`a level is expected: ${LEVEL_WORDS.join(', ')}`, this.text, at)
    return { kind: 'compare', field: text, comparison, value }
  }

  private list(field: string): readonly Literal[] {
    if (!this.skip('', '(')) throw this.expected('"("')
    const values: Literal[] = []
    do {
      const { at } = this.next
      const value = this.literal()
      checkUnit({ kind: 'compare', field, comparison: '=', value }, this.text, at)
      values.push(value)
    } while (this.skip('', ','))
    if (!this.skip('', ')')) throw this.expected('"," or ")"')
    return values
  }

  private literal(): Literal {
    const { kind, text } = this.next
    if (kind !== 'text' && kind !== 'word') throw this.expected('a value')
    this.position++
    return kind === 'text' ? text : literalOf(text)
  }

  /** Passes over a word, in any case, or an operator. */
  private skip(word: string, operator: string): boolean {
    const { kind, text } = this.next
    const isIt = kind === 'word' ? text.toLowerCase() === word : kind === 'operator' && text === operator
    if (isIt) this.position++
    return isIt
  }

  private expected(what: string): WhereError {
    const found = this.next.kind === 'end' ? 'the end' : JSON.stringify(this.next.text)
    return new WhereError(`expected ${what}, found ${found}`, this.text, this.next.at)
  }
}

function literalOf(word: string): Literal {
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'null') return null
  if (/^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(word))
    return isLossy(word) ? new ExactNumber(word) : Number(word)
  return Quantity.parse(word) ?? word
}

/** A duration's field has an order with durations and numbers only. */
function checkUnit({ field, comparison, value }: Comparing, text: string, at: number): void {
  const unit = unitOfField(field)
  if (unit === undefined) return
  if (value instanceof Quantity && unit.kind !== value.kind)
    throw new WhereError(`${field} is a ${unit.kind}, and ${value} is a ${value.kind}`, text, at)
  if (ORDERS.has(comparison) && typeof value === 'string' && Number.isNaN(Number(value)) && !Quantity.parse(value))
    throw new WhereError(`${field} is a ${unit.kind}, and ${JSON.stringify(value)} is none`, text, at)
}

function checkPattern(value: Literal, text: string, at: number): void {
  try {
    new RegExp(String(value))
  } catch (error) {
    throw new WhereError((error as Error).message, text, at)
  }
}
