import type { Fields } from 'throughline'

/** What a line says of something thrown, which need not be an Error. */
export function failureFields(error: unknown): Fields {
  if (error instanceof Error || Object.prototype.toString.call(error) === '[object Error]') return { error }
  return {
    error: typeof error === 'string' ? error : `thrown: ${typeof error}`,
    error_type: typeof error,
    thrown: error,
  }
}
