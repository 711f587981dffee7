import { type EventHost, hasQuery, KeyFlag, type KeyInfo, numberText } from 'throughline/internal'
import { Kind } from './kind.js'
import { UNREADABLE } from './project.js'

/** A field that is written by generated code. */
export interface WrittenField {
  readonly key: string
  readonly kind: number
  readonly info: KeyInfo
  readonly isNullable: boolean
  /** The JSON text of the field's objects or lists; `undefined` where the walk has to write them. */
  readonly nested: (value: unknown) => string | undefined
}

/**
 * Reads an event's fields, each once.
 *
 * @param text The text before them.
 * @param isOpen Whether that text lacks its closing quote.
 * @returns the fields' text behind that one, or their values where one is not what the schema lists.
 */
export type Reader = (
  source: Readonly<Record<string, unknown>>,
  text: string,
  isOpen: boolean,
) => string | readonly unknown[]

/**
 * Generates the code that writes the fields of an event. It names each property, so that V8 keeps an inline cache for each
 * (bench `event`: a tenth).
 *
 * @returns `undefined` where code must not be generated (`--disallow-code-generation-from-strings`, a locked-down context).
 */
export function compileReader(fields: readonly WrittenField[], host: EventHost): Reader | undefined {
  const reads = fields.map(
    ({ key }, i) => `let v${i}; try { v${i} = s[${JSON.stringify(key)}] } catch { v${i} = unreadable }`,
  )
  const values = fields.map((_, i) => `v${i}`)
  const detects = host.redactor?.detect !== undefined
  const code = `return (s, t, open) => {
${reads.join('\n')}
write: {
${fields.map((field, i) => writing(field, i, detects)).join('\n')}
return open ? t + '"' : t
}
return [${values.join()}]
}`
  const names = ['unreadable', 'fields', 'strings', 'hasQuery', 'numberText', 'text']
  const text = (value: string, info: KeyInfo) => host.text(value, info)?.slice(1, -1) ?? ''
  try {
    return new Function(...names, code)(UNREADABLE, fields, host.keys.strings, hasQuery, numberText, text) as Reader
  } catch {
    return undefined
  }
}

/** The statement that writes one field. A field that is absent writes nothing. */
function writing({ kind, info, isNullable }: WrittenField, i: number, detects: boolean): string {
  const value = `v${i}`
  const top = `(open ? ${JSON.stringify(info.closing)} : ${JSON.stringify(info.top)})`
  const textTop = `(open ? ${JSON.stringify(info.closingText)} : ${JSON.stringify(info.topText)})`
  const nothing = isNullable ? `else if (${value} === null) { t += ${top} + 'null'; open = false } ` : ''
  const other = `${nothing}else if (${value} !== undefined) break write`
  switch (kind) {
    case Kind.text: {
      const isPlain = `(fields[${i}].info.plain === ${value} || strings.look(fields[${i}].info, ${value}))${info.flags === KeyFlag.query ? ` && !hasQuery(${value})` : ''}`
      const searched = `text(${value}, fields[${i}].info)`
      const body = detects ? searched : `${isPlain} ? ${value} : ${searched}`
      return `if (typeof ${value} === 'string') { t += ${textTop} + (${body}); open = true } ${other}`
    }
    case Kind.number:
      return `if (typeof ${value} === 'number' && ${value} - ${value} === 0) { t += ${top} + numberText(${value}); open = false } ${other}`
    case Kind.boolean:
      return `if (typeof ${value} === 'boolean') { t += ${top} + ${value}; open = false } ${other}`
    default:
      return `if (${value} !== undefined) { const n = fields[${i}].nested(${value}); if (n === undefined) break write; t += ${top} + n; open = false }`
  }
}
