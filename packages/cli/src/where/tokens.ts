import { UserError } from '../user-error.js'

/** A piece of a `--where` expression. */
export interface Token {
  readonly kind: 'word' | 'field' | 'text' | 'operator' | 'end'
  /** Without its quotes. */
  readonly text: string
  /** Counted from 0, in the expression. */
  readonly at: number
}

/** An expression that cannot be read, and where. */
export class WhereError extends UserError {
  constructor(
    problem: string,
    readonly expression: string,
    /** Counted from 0; the expression's length when more was expected. */
    readonly at: number,
  ) {
    super(`--where: ${problem}\n  ${expression.replace(/\s/g, ' ')}\n  ${' '.repeat(at)}^`)
  }
}

/** Longest first, so that `<=` is not read as `<`. */
const OPERATORS = ['>=', '<=', '!=', '!~', '==', '&&', '||', '=', '<', '>', '~', '!', '(', ')', ',']
const WORD = /[^\s"'`()<>=!~&|,]+/y

/** @throws WhereError at a quote that is not closed, or at a character that begins nothing. */
export function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < expression.length) {
    const character = expression[at] ?? ''
    const operator = OPERATORS.find((text) => expression.startsWith(text, at))
    if (/\s/.test(character)) at++
    else if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, at })
      at += operator.length
    } else if (character === '"' || character === "'" || character === '`') {
      const { text, end } = quoted(expression, at, character)
      tokens.push({ kind: character === '`' ? 'field' : 'text', text, at })
      at = end
    } else {
      WORD.lastIndex = at
      const text = WORD.exec(expression)?.[0]
      if (text === undefined) throw new WhereError(`${JSON.stringify(character)} begins nothing`, expression, at)
      tokens.push({ kind: 'word', text, at })
      at += text.length
    }
  }
  tokens.push({ kind: 'end', text: '', at: expression.length })
  return tokens
}

/** In text a backslash escapes as in JSON, and before anything else stands for itself, as regular expressions want it. */
function quoted(expression: string, start: number, quote: string): { readonly text: string; readonly end: number } {
  let text = ''
  for (let at = start + 1; at < expression.length; at++) {
    const character = expression[at] ?? ''
    if (character === quote) return { text, end: at + 1 }
    if (character !== '\\' || quote === '`') {
      text += character
      continue
    }
    const escaped = expression[at + 1] ?? ''
    const code = /^u([0-9a-f]{4})/i.exec(expression.slice(at + 1, at + 6))?.[1]
    if (code !== undefined) {
      text += String.fromCharCode(Number.parseInt(code, 16))
      at += 5
    } else {
      text += ESCAPES[escaped] ?? `\\${escaped}`
      at++
    }
  }
  throw new WhereError(`the quote ${quote} is not closed`, expression, start)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
}
