import type { Fields } from '../encode/field.js'
import { KeyFlag, type KeyInfo } from '../encode/key-table.js'
import { numberText } from '../encode/number.js'
import { isPlainText } from '../encode/string.js'
import { hasQuery } from '../encode/value.js'
import { Kind } from './kind.js'
import { UNREADABLE } from './project.js'

/**
 * Reads an event's fields, each once: their whole text behind the one given, which lacks its closing quote, where each is
 * what its event lists and needs nothing done to it, else their values.
 */
export type Reader = (source: Fields, text: string) => string | readonly unknown[]

export interface ReadField {
  readonly key: string
  readonly kind: number
  readonly info: KeyInfo
}

/**
 * Code that names its properties, so that V8 keeps a cache for each, and that knows what stands between two values (bench
 * `event`: a tenth). Where code must not be generated, a loop gives the values.
 *
 * @param writes Whether texts may be written by it, too.
 */
export function readerOf(fields: readonly ReadField[], writes: boolean): Reader {
  const values = fields.map((_, i) => `v${i}`)
  const reads = fields.map(
    ({ key }, i) => `let v${i}; try { v${i} = s[${JSON.stringify(key)}] } catch { v${i} = unreadable }`,
  )
  const write = writes && fields.length > 0 && fields.every(({ kind }) => kind !== Kind.other) ? writing(fields) : ''
  const infos = fields.map((_, i) => `i${i}`)
  const code = `const [${infos.join()}] = infos\nreturn (s, text) => {\n${reads.join('\n')}\n${write}\nreturn [${values.join()}]\n}`
  try {
    const make = new Function('unreadable', 'isPlainText', 'infos', 'numberText', 'hasQuery', code)
    return make(
      UNREADABLE,
      isPlainText,
      fields.map(({ info }) => info),
      numberText,
      hasQuery,
    ) as Reader
  } catch {
    // `--disallow-code-generation-from-strings`, or a locked-down context.
    return (source) => fields.map(({ key }) => readSafely(source, key))
  }
}

const CONDITIONS: Readonly<Record<number, (value: string) => string>> = {
  [Kind.text]: (value) => `typeof ${value} === 'string' && isPlainText(${value})`,
  [Kind.number]: (value) => `typeof ${value} === 'number' && ${value} - ${value} === 0`,
  [Kind.boolean]: (value) => `typeof ${value} === 'boolean'`,
}

function writing(fields: readonly ReadField[]): string {
  const conditions = fields.map(({ kind, info }, i) => {
    const isUsual = CONDITIONS[kind]?.(`v${i}`)
    return kind === Kind.text && info.flags === KeyFlag.query ? `${isUsual} && !hasQuery(v${i})` : isUsual
  })
  const pieces = fields.map(({ kind, info }, i) => {
    const isOpen = i === 0 || fields[i - 1]?.kind === Kind.text
    if (kind === Kind.text) return `${JSON.stringify(isOpen ? info.closingText : info.topText)} + v${i}`
    const value = kind === Kind.number ? `numberText(v${i})` : `v${i}`
    return `${JSON.stringify(isOpen ? info.closing : info.top)} + ${value}`
  })
  const end = fields.at(-1)?.kind === Kind.text ? ` + '"'` : ''
  return `if (${conditions.join(' && ')}) return text + ${pieces.join(' + ')}${end}`
}

function readSafely(source: Fields, key: string): unknown {
  try {
    return source[key]
  } catch {
    return UNREADABLE
  }
}
