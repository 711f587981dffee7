/**
 * Reads JSON (RFC 8259) as strictly as the strictest store does: `JSON.parse` keeps the last of two equal keys and says
 * nothing, and this throws.
 *
 * @throws SyntaxError for a key that stands twice in one object, at any depth, and for whatever is no JSON.
 */
export function parseStrictly(text: string): unknown {
  const reader = new Reader(text)
  const value = reader.value()
  reader.end()
  return value
}

const SPACE = /[ \t\n\r]*/y
const SCALAR = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

class Reader {
  private at = 0

  constructor(private readonly text: string) {}

  value(): unknown {
    this.space()
    if (this.takes('{')) return this.object()
    if (this.takes('[')) return this.list()
    return this.scalar()
  }

  end(): void {
    this.space()
    if (this.at < this.text.length) this.fail('nothing more')
  }

  private object(): object {
    const result = {}
    this.space()
    if (this.takes('}')) return result
    do {
      this.space()
      const key = this.scalar()
      if (typeof key !== 'string') return this.fail('a key')
      if (Object.hasOwn(result, key)) return this.fail(`no second ${JSON.stringify(key)}`)
      this.space()
      if (!this.takes(':')) this.fail('":"')
      Object.defineProperty(result, key, { value: this.value(), enumerable: true, configurable: true, writable: true })
      this.space()
    } while (this.takes(','))
    if (!this.takes('}')) this.fail('"}"')
    return result
  }

  private list(): unknown[] {
    const result: unknown[] = []
    this.space()
    if (this.takes(']')) return result
    do {
      result.push(this.value())
      this.space()
    } while (this.takes(','))
    if (!this.takes(']')) this.fail('"]"')
    return result
  }

  private scalar(): unknown {
    SCALAR.lastIndex = this.at
    const token = SCALAR.exec(this.text)?.[0]
    if (token === undefined) return this.fail('a value')
    this.at += token.length
    // Of a single token, `JSON.parse` is as strict as one can wish: control characters and bad escapes throw.
    return JSON.parse(token)
  }

  private space(): void {
    SPACE.lastIndex = this.at
    SPACE.exec(this.text)
    this.at = SPACE.lastIndex
  }

  private takes(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  private fail(expected: string): never {
    throw new SyntaxError(`expected ${expected} at ${this.at}: ${this.text.slice(this.at - 40, this.at + 40)}`)
  }
}
