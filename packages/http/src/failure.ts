import type { Fields } from 'throughline'

/** What a line says of something thrown, which need not be an Error: an object's own properties stand where an Error's do. */
export function failureFields(error: unknown): Fields {
  if (error instanceof Error || Object.prototype.toString.call(error) === '[object Error]') return { error }
  const error_type = typeof error
  if (error_type === 'function') return { error: 'thrown: function', error_type }
  if (error_type !== 'object') return { error: String(error), error_type }
  return { error: 'thrown: object', error_type, error_details: error }
}
