import { isError } from './encode/error.js'
import type { Fields } from './encode/line.js'
import { fieldsOf } from './fields.js'
import { interpolate, textOf } from './interpolate.js'

/** What the arguments of a call come to. */
export interface Call {
  readonly message: string
  readonly fields: Fields | undefined
}

/**
 * Reads the arguments of a level method, in every form that `LogMethod` lists and whatever else is passed: what is no
 * message and no fields is kept under `args`.
 *
 * @param others The arguments behind the first.
 * @param encode A value's JSON text, for what is put into the message.
 * @param errorMessage What an Error that is logged without a message says, as far as it is no secret.
 */
export function readCall(
  first: unknown,
  others: readonly unknown[],
  encode: (value: unknown) => string,
  errorMessage: (error: Error, key: string) => string,
): Call {
  const given = others.at(-1) === undefined ? others.slice(0, lengthOf(others)) : others
  const lead = typeof first === 'object' && first !== null ? [first] : []
  // Behind fields or an error only text is the message: `log.error(error, { order_id })` has two bags of fields and none.
  const text = lead.length === 0 ? messageOf(first) : typeof given[0] === 'string' ? given[0] : undefined
  const values = lead.length === 0 || text === undefined ? given : given.slice(1)
  const { message, rest } = interpolate(text ?? '', values, encode)
  const alone = text === undefined ? errorOf(first) : undefined
  return {
    message: alone === undefined ? message : errorMessage(alone.error, alone.key),
    fields: fieldsOf(lead.length === 0 ? rest : [...lead, ...rest]),
  }
}

/**
 * The Error that is logged alone, by itself or as a field: `log.error(error)`, `log.error({ err })` as pino's users have it.
 */
function errorOf(first: unknown): { readonly error: Error; readonly key: string } | undefined {
  if (isError(first)) return { error: first, key: 'error' }
  for (const key of ['error', 'err']) {
    const error = Object.getOwnPropertyDescriptor(Object(first), key)?.value
    if (isError(error)) return { error, key }
  }
  return undefined
}

/** Without the `undefined` at the end: an argument that was not passed reads the same. */
function lengthOf(given: readonly unknown[]): number {
  let length = given.length
  while (length > 0 && given[length - 1] === undefined) length--
  return length
}

function messageOf(value: unknown): string {
  return value === undefined ? '' : textOf(value)
}
