import type { Value } from './value.js'

/** Parses JSON as sprig's `fromJson`: every number is a floating-point number, and a text that is no JSON gives nil. */
export function fromJson(text: string): Value {
  try {
    return toValue(JSON.parse(text))
  } catch {
    return undefined
  }
}

function toValue(json: unknown): Value {
  if (json === null) return undefined
  if (Array.isArray(json)) return json.map(toValue)
  if (typeof json === 'object')
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, toValue(value)]))
  return json as string | number | boolean
}
