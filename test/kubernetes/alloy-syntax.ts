// A reader of Alloy's configuration language, since none is on npm: blocks, attributes and the expressions that the example
// uses. https://grafana.com/docs/alloy/latest/get-started/configuration-syntax/

export interface Block {
  /** `loki.process`, `stage.json`. */
  readonly name: string
  readonly label: string | undefined
  readonly attributes: Readonly<Record<string, Expression>>
  readonly blocks: readonly Block[]
}

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: Readonly<Record<string, Expression>> }
  | { readonly kind: 'reference'; readonly path: string }
  | { readonly kind: 'call'; readonly path: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'sum'; readonly terms: readonly Expression[] }

interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'sign'
  readonly text: string
  readonly line: number
}

const TOKEN =
  /(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|([A-Za-z_]\w*)|("(?:[^"\\\n]|\\.)*"|`[^`]*`)|(\d+(?:\.\d+)?)|([{}[\](),.=+])/y

/** @throws SyntaxError, naming the line. */
export function parseAlloy(text: string): readonly Block[] {
  const tokens = tokensOf(text)
  const parser = new Parser(tokens)
  const { attributes, blocks } = parser.body()
  if (parser.more || Object.keys(attributes).length > 0) throw parser.wrong('a component')
  return blocks
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null)
      throw new SyntaxError(`line ${line}: no token begins with ${JSON.stringify(text.slice(at, at + 10))}`)
    const [whole, , name, string, number] = match
    const kind =
      name !== undefined ? 'name' : string !== undefined ? 'string' : number !== undefined ? 'number' : 'sign'
    if (match[1] === undefined) tokens.push({ kind, text: whole, line })
    line += whole.split('\n').length - 1
  }
  return tokens
}

class Parser {
  #at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  get more(): boolean {
    return this.#at < this.tokens.length
  }

  wrong(expected: string): SyntaxError {
    const token = this.tokens[this.#at]
    const found = token === undefined ? 'the end' : JSON.stringify(token.text)
    return new SyntaxError(`line ${token?.line ?? this.tokens.at(-1)?.line}: ${found} where ${expected} has to be`)
  }

  body(): Pick<Block, 'attributes' | 'blocks'> {
    const attributes: Record<string, Expression> = {}
    const blocks: Block[] = []
    while (this.more && !this.#is('}')) {
      const name = this.#path()
      if (!this.#accept('=')) {
        blocks.push(this.#block(name))
        continue
      }
      if (name in attributes) throw this.wrong(`no second ${name}`)
      attributes[name] = this.#expression()
      this.#endOfLine()
    }
    return { attributes, blocks }
  }

  #block(name: string): Block {
    const label = this.tokens[this.#at]?.kind === 'string' ? unquoted(this.#next('string')) : undefined
    this.#expect('{')
    const body = this.body()
    this.#expect('}')
    return { name, label, ...body }
  }

  #expression(): Expression {
    const terms = [this.#term()]
    while (this.#accept('+')) terms.push(this.#term())
    return terms.length === 1 ? (terms[0] as Expression) : { kind: 'sum', terms }
  }

  #term(): Expression {
    const token = this.tokens[this.#at]
    if (token?.kind === 'string') return { kind: 'value', value: unquoted(this.#next('string')) }
    if (token?.kind === 'number') return { kind: 'value', value: Number(this.#next('number')) }
    if (this.#accept('[')) return { kind: 'list', items: this.#separated(']', () => this.#expression()) }
    if (this.#accept('{'))
      return { kind: 'object', entries: Object.fromEntries(this.#separated('}', () => this.#entry())) }
    const path = this.#path()
    if (path === 'true' || path === 'false') return { kind: 'value', value: path === 'true' }
    if (path === 'null') return { kind: 'value', value: null }
    if (this.#accept('(')) return { kind: 'call', path, arguments: this.#separated(')', () => this.#expression()) }
    return { kind: 'reference', path }
  }

  #entry(): [string, Expression] {
    const quoted = this.tokens[this.#at]?.kind === 'string'
    const key = quoted ? unquoted(this.#next('string')) : this.#next('name')
    this.#expect('=')
    return [key, this.#expression()]
  }

  #separated<T>(end: string, one: () => T): T[] {
    const found: T[] = []
    while (!this.#accept(end)) {
      found.push(one())
      if (!this.#is(end)) this.#expect(',')
    }
    return found
  }

  #path(): string {
    let path = this.#next('name')
    while (this.#accept('.')) path += `.${this.#next('name')}`
    return path
  }

  #next(kind: Token['kind']): string {
    const token = this.tokens[this.#at]
    if (token?.kind !== kind) throw this.wrong(`a ${kind}`)
    this.#at++
    return token.text
  }

  #is(sign: string): boolean {
    const token = this.tokens[this.#at]
    return token?.kind === 'sign' && token.text === sign
  }

  #accept(sign: string): boolean {
    const is = this.#is(sign)
    if (is) this.#at++
    return is
  }

  #expect(sign: string): void {
    if (!this.#accept(sign)) throw this.wrong(JSON.stringify(sign))
  }

  /** An attribute ends with its line, or with its block. */
  #endOfLine(): void {
    const before = this.tokens[this.#at - 1]
    const after = this.tokens[this.#at]
    if (after !== undefined && after.line === before?.line && !this.#is('}')) throw this.wrong('the end of the line')
  }
}

function unquoted(text: string): string {
  return text.startsWith('`') ? text.slice(1, -1) : (JSON.parse(text) as string)
}
