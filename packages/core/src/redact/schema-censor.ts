import { warnOnce } from '../warn.js'
import { compileCensor, DEFAULT_CENSOR, mask } from './censor.js'

/** How a schema says that a value is to be hidden (`"x-log"`). */
export type Classification = 'hash' | 'mask' | 'redact'

/** What stands in the place of a value that a schema classifies. */
export type Conceal = (value: unknown, classification: Classification) => string

/**
 * Hides what schemas classify, whether the logger redacts or not: it is the schema's word. Without a usable key a hash would
 * be none, and the value is redacted.
 *
 * @param hashKey `redact.hashKey` or `LOG_HASH_KEY`.
 */
export function compileConceal(hashKey: string | undefined): Conceal {
  let hashed: ((value: unknown, key: string) => unknown) | undefined
  try {
    hashed = compileCensor('hash', hashKey)
  } catch {
    // Said when an event asks for it; a logger without such events needs no key.
  }
  return (value, classification) => {
    if (classification === 'mask') return masked(value)
    if (classification === 'redact') return DEFAULT_CENSOR
    if (hashed === undefined) {
      warnOnce('an event\'s "x-log": "hash" needs redact.hashKey or LOG_HASH_KEY (16 bytes or more); redacted instead')
      return DEFAULT_CENSOR
    }
    return String(hashed(value, ''))
  }
}

function masked(value: unknown): string {
  try {
    return mask(value)
  } catch {
    return DEFAULT_CENSOR
  }
}
