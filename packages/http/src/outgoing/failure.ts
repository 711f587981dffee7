import type { Fields } from 'throughline'
import { errorFacts, isError, traceback } from 'throughline/internal'

const PLACEHOLDER = '…'

/**
 * An error's fields, without the call's query: an error may quote the URL that it is about, and what stands in a query may be
 * secret although nothing about its text says so.
 */
export function failureFields(error: unknown, query: string): Fields {
  if (query === '') return { error }
  if (!isError(error)) return { error: typeof error === 'string' ? error.replaceAll(query, PLACEHOLDER) : error }
  const { type, message, code } = errorFacts(error)
  const stack = traceback(error)
  if (!message.includes(query) && !stack.includes(query)) return { error }
  return {
    error: message.replaceAll(query, PLACEHOLDER),
    error_type: type,
    error_code: code,
    traceback: stack.replaceAll(query, PLACEHOLDER),
  }
}
