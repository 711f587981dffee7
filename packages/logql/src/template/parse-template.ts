import { unquote } from '../parse/unquote.js'
import { parseGoFloat } from '../units.js'
import { isFunction } from './functions.js'
import type { Argument, Command, Node, Pipe } from './node.js'

/** Why a template cannot be parsed. */
export class TemplateSyntaxError extends Error {
  readonly line: number
  /** Whether Go would accept it. */
  readonly unsupported: boolean

  constructor(message: string, line: number, unsupported = false) {
    super(message)
    this.line = line
    this.unsupported = unsupported
  }
}

type Token = { readonly kind: TokenKind; readonly text: string; readonly at: number }
type TokenKind = 'word' | 'field' | 'variable' | 'string' | 'char' | 'number' | 'symbol'

const tokenPattern =
  /\s+|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<char>'(?:[^'\\]|\\.[^']*)')|(?<number>[+-]?(?:0[xX][\da-fA-F_]+|(?:\d[\d_]{0,99}(?:\.[\d_]{0,99})?|\.\d[\d_]{0,99})(?:[eE][+-]?\d{1,9})?))|(?<field>\.\w+)|(?<variable>\$\w*)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<symbol>:=|[=|().,])/uy

const unsupportedWords: readonly string[] = ['define', 'template', 'block', 'break', 'continue']

/** Reads a template of Go's `text/template`. */
export class TemplateParser {
  /** The labels that the template reads. */
  readonly fields = new Set<string>()
  readonly #text: string
  #at = 0
  #variables: string[] = ['$']
  /** The keyword that ended the last list: `else`, `end`, or none at the end of the text. */
  #stop: { readonly word: string; readonly tokens: Tokens } | undefined

  constructor(text: string) {
    this.#text = text
  }

  parse(): readonly Node[] {
    const nodes = this.#list()
    if (this.#stop) throw this.#error(`unexpected {{${this.#stop.word}}}`)
    return nodes
  }

  #list(): Node[] {
    const nodes: Node[] = []
    this.#stop = undefined
    for (;;) {
      const open = this.#text.indexOf('{{', this.#at)
      const text = this.#text.slice(this.#at, open === -1 ? undefined : open)
      const trimsLeft = open !== -1 && /^-\s/.test(this.#text.slice(open + 2, open + 4))
      const kept = trimsLeft ? text.trimEnd() : text
      if (kept !== '') nodes.push({ kind: 'text', text: kept })
      if (open === -1) {
        this.#at = this.#text.length
        return nodes
      }
      const node = this.#action(open + (trimsLeft ? 3 : 2))
      if (node === 'stop') return nodes
      if (node) nodes.push(node)
    }
  }

  #action(from: number): Node | 'stop' | undefined {
    const comment = /^\s*\/\*[\s\S]*?\*\/(\s+-)?\}\}/.exec(this.#text.slice(from))
    if (comment) {
      this.#leave(from + comment[0].length, comment[1] !== undefined)
      return undefined
    }
    const tokens = this.#tokens(from)
    const first = tokens.peek()
    if (first?.kind === 'word') {
      if (first.text === 'end' || first.text === 'else') {
        tokens.next()
        this.#stop = { word: first.text, tokens }
        return 'stop'
      }
      if (first.text === 'if' || first.text === 'with' || first.text === 'range') {
        tokens.next()
        return this.#branch(first.text, tokens)
      }
      if (unsupportedWords.includes(first.text)) throw new TemplateSyntaxError(first.text, this.#line(first.at), true)
    }
    const pipe = this.#pipe(tokens, 'command')
    tokens.finish()
    return { kind: 'action', pipe }
  }

  #branch(kind: 'if' | 'with' | 'range', tokens: Tokens): Node {
    const known = this.#variables.length
    const pipe = this.#pipe(tokens, kind)
    tokens.finish()
    const then = this.#list()
    let otherwise: readonly Node[] = []
    if (this.#stopWord() === 'else') {
      const rest = this.#stop?.tokens as Tokens
      const word = rest.peek()?.text
      if (word === 'if' || word === 'with') {
        rest.next()
        // `{{else if}}` shares its `{{end}}` with the outer one.
        otherwise = [this.#branch(word, rest)]
        this.#variables.length = known
        return { kind, pipe, then, otherwise }
      }
      rest.finish()
      otherwise = this.#list()
    }
    if (this.#stopWord() !== 'end') throw this.#error('unexpected EOF')
    this.#stop?.tokens.finish()
    this.#stop = undefined
    this.#variables.length = known
    return { kind, pipe, then, otherwise }
  }

  #stopWord(): string | undefined {
    return this.#stop?.word
  }

  #pipe(tokens: Tokens, context: string): Pipe {
    const { declares, assigns } = this.#declarations(tokens, context)
    const commands: Command[] = []
    for (;;) {
      const parsed = this.#command(tokens)
      const [first] = parsed.arguments
      if (!first)
        throw this.#error(commands.length === 0 ? `missing value for ${context}` : `missing value for ${context}`)
      if (commands.length > 0 && (first.kind === 'constant' || first.kind === 'nil' || first.kind === 'dot'))
        throw this.#error(`non executable command in pipeline stage ${commands.length + 1}`)
      commands.push(parsed)
      if (tokens.peek()?.text !== '|') break
      tokens.next()
    }
    for (const name of assigns ? [] : declares) this.#variables.push(name)
    return { declares, assigns, commands }
  }

  #declarations(tokens: Tokens, context: string): { readonly declares: readonly string[]; readonly assigns: boolean } {
    const names: string[] = []
    const rest = tokens.rest()
    let index = 0
    while (rest[index]?.kind === 'variable') {
      names.push(rest[index]?.text ?? '')
      const operator = rest[index + 1]?.text
      if (operator === ':=' || operator === '=') {
        tokens.skip(index + 2)
        return { declares: names, assigns: operator === '=' }
      }
      if (operator !== ',' || context !== 'range') break
      index += 2
    }
    return { declares: [], assigns: false }
  }

  #command(tokens: Tokens): Command {
    const operands: Argument[] = []
    const at = tokens.peek()?.at ?? this.#at
    for (;;) {
      const operand = this.#operand(tokens)
      if (!operand) break
      operands.push(operand)
    }
    return { at, text: operands.map(({ text }) => text).join(' '), arguments: operands }
  }

  #operand(tokens: Tokens): Argument | undefined {
    const term = this.#term(tokens)
    if (!term) return undefined
    const path: string[] = []
    // Go gives a chain the position of its second name.
    const at = tokens.peek()?.at ?? term.at
    let end = tokens.end
    for (let next = tokens.peek(); next?.kind === 'field' && next.at === end; next = tokens.peek()) {
      path.push(next.text.slice(1))
      tokens.next()
      end = tokens.end
    }
    if (path.length === 0) return term
    const text = `${term.text}.${path.join('.')}`
    if (term.kind === 'field') for (const name of path) this.fields.add(name)
    if (term.kind === 'field') return { ...term, at, path: [...term.path, ...path], text }
    if (term.kind === 'variable') return { ...term, at, path, text }
    if (term.kind === 'constant' || term.kind === 'nil' || term.kind === 'dot')
      throw this.#error(`unexpected . after term ${JSON.stringify(term.text)}`)
    return { kind: 'chain', of: term, path, at, text }
  }

  #term(tokens: Tokens): Argument | undefined {
    const token = tokens.peek()
    if (!token || token.text === '|' || token.text === ')') return undefined
    tokens.next()
    const { at, text } = token
    switch (token.kind) {
      case 'field': {
        const name = text.slice(1)
        this.fields.add(name)
        return { kind: 'field', path: [name], at, text }
      }
      case 'variable':
        if (!this.#variables.includes(text)) throw this.#error(`undefined variable ${JSON.stringify(text)}`)
        return { kind: 'variable', name: text, path: [], at, text }
      case 'string':
        return { kind: 'constant', value: unquote(text, { from: at, to: at + text.length }), at, text }
      case 'char':
        return {
          kind: 'constant',
          value: BigInt(unquote(`"${text.slice(1, -1)}"`, { from: at, to: at }).codePointAt(0) ?? 0),
          at,
          text,
        }
      case 'number':
        return { kind: 'constant', value: this.#number(text), at, text }
      case 'word':
        return this.#word(token)
      default:
        if (text === '.') return { kind: 'dot', at, text }
        if (text === '(') {
          const pipe = this.#pipe(tokens, 'parenthesized pipeline')
          if (tokens.peek()?.text !== ')') throw this.#error('unclosed left paren')
          tokens.next()
          return { kind: 'pipe', pipe, at, text: `(${pipe.commands.map((command) => command.text).join(' | ')})` }
        }
        throw this.#error(`unexpected ${JSON.stringify(text)} in operand`)
    }
  }

  #word({ at, text }: Token): Argument {
    if (text === 'true' || text === 'false') return { kind: 'constant', value: text === 'true', at, text }
    if (text === 'nil') return { kind: 'nil', at, text }
    if (!isFunction(text)) throw this.#error(`function ${JSON.stringify(text)} not defined`)
    return { kind: 'function', name: text, at, text }
  }

  #number(text: string): bigint | number {
    const plain = text.replaceAll('_', '')
    if (/^[+-]?(?:0[xX][\da-fA-F]+|\d+)$/.test(plain)) {
      const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(plain) ?? []
      const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
      const value = BigInt(octal)
      return sign === '-' ? -value : value
    }
    const parsed = parseGoFloat(plain)
    if ('error' in parsed) throw this.#error(`bad number syntax: ${JSON.stringify(text)}`)
    // Go takes `1e3` for a whole number too.
    return Number.isInteger(parsed.value) && Math.abs(parsed.value) < 2 ** 53 && !plain.includes('.')
      ? BigInt(parsed.value)
      : parsed.value
  }

  /** Cuts an action into tokens, up to its closing brackets. */
  #tokens(from: number): Tokens {
    const tokens: Token[] = []
    let at = from
    for (;;) {
      const close = /^(\s+-)?\}\}/.exec(this.#text.slice(at)) ?? /^\s*\}\}/.exec(this.#text.slice(at))
      if (close) {
        const end = at + close[0].length
        return new Tokens(
          tokens,
          () => this.#leave(end, close[1] !== undefined),
          (message) => this.#error(message),
        )
      }
      tokenPattern.lastIndex = at
      const match = tokenPattern.exec(this.#text)
      if (!match) throw this.#error(at >= this.#text.length ? 'unclosed action' : this.#badCharacter(at))
      const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? []
      if (kind) tokens.push({ kind: kind as TokenKind, text: match[0], at })
      at = tokenPattern.lastIndex
    }
  }

  #badCharacter(at: number): string {
    const character = this.#text[at] ?? ''
    if (character === '"') return 'unterminated quoted string'
    if (character === '`') return 'unterminated raw quoted string'
    return `unexpected ${JSON.stringify(character)} in command`
  }

  #leave(end: number, trims: boolean): void {
    this.#at = end
    if (trims) while (/^\s/.test(this.#text.slice(this.#at, this.#at + 1))) this.#at++
  }

  #line(at: number): number {
    return this.#text.slice(0, at).split('\n').length
  }

  #error(message: string): TemplateSyntaxError {
    return new TemplateSyntaxError(message, this.#line(this.#at))
  }
}

/** The tokens of one action. */
class Tokens {
  /** Where the last token that was read ends. */
  end = 0
  readonly #tokens: readonly Token[]
  readonly #leave: () => void
  readonly #error: (message: string) => Error
  #next = 0

  constructor(tokens: readonly Token[], leave: () => void, error: (message: string) => Error) {
    this.#tokens = tokens
    this.#leave = leave
    this.#error = error
  }

  peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  next(): void {
    const token = this.#tokens[this.#next++]
    if (token) this.end = token.at + token.text.length
  }

  rest(): readonly Token[] {
    return this.#tokens.slice(this.#next)
  }

  skip(count: number): void {
    for (let index = 0; index < count; index++) this.next()
  }

  /** Checks that every token was read, and goes on behind the action. */
  finish(): void {
    const token = this.peek()
    if (token) throw this.#error(`unexpected ${JSON.stringify(token.text)} in operand`)
    this.#leave()
  }
}
