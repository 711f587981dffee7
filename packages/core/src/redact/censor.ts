import { nodeCrypto } from '../node-crypto.js'

/**
 * What stands in a secret's place:
 *
 * - a text (`***REDACTED***` by default);
 * - `{ text }`, to say so when the text would be one of the words below;
 * - `'remove'`: the field is left out; an element of a list becomes `null`, a part of a text vanishes;
 * - `'mask'`: the last four characters stay (`****1234`), of values of at least ten;
 * - `'hash'`: a short HMAC-SHA-256, the same for the same value, so that a person stays recognisable without the name;
 * - a function of the value and its key (for a part of a text, the detector's name). What it returns is redacted like
 *   every value; when it throws, or returns what has no place in a line, the default stands there.
 */
export type Censor =
  | string
  | { readonly text: string }
  | 'remove'
  | 'mask'
  | 'hash'
  | ((value: unknown, key: string) => unknown)

export const DEFAULT_CENSOR = '***REDACTED***'

/** A replacement, or `undefined` when the field is to be left out. Never throws, never returns a function or symbol. */
export type CensorFunction = (value: unknown, key: string) => unknown

/** A key shorter than this can be tried out: 128 bits, the least that NIST SP 800-107 allows for HMAC. */
const LEAST_HASH_KEY_BYTES = 16
/** Fewer different characters than this are a pattern, not a key. */
const LEAST_DIFFERENT = 8
/** 64 bits: short enough for a line, and long enough for some hundred million people before two share one. */
const HASH_CHARACTERS = 16

/** @throws TypeError when the censor is none of these, or when `hash` has no key or a weak one. */
export function compileCensor(censor: Censor | undefined, hashKey: string | undefined): CensorFunction {
  if (censor === undefined) return () => DEFAULT_CENSOR
  if (typeof censor === 'function') return guarded(censor)
  if (censor === 'remove') return () => undefined
  if (censor === 'mask') return guarded(mask)
  if (censor === 'hash') return guarded(hash(checkedKey(hashKey)))
  if (typeof censor === 'string') return () => censor
  if (typeof censor === 'object' && censor !== null && typeof censor.text === 'string') {
    const { text } = censor
    return () => text
  }
  throw new TypeError(
    `redact.censor: got ${censor === null ? 'null' : typeof censor}; accepted: a text, { text }, 'remove', 'mask', 'hash', or a function`,
  )
}

/** A censor that fails must not let through what it was to censor. */
function guarded(censor: CensorFunction): CensorFunction {
  return (value, key) => {
    try {
      const replacement = censor(value, key)
      return typeof replacement === 'function' || typeof replacement === 'symbol' ? DEFAULT_CENSOR : replacement
    } catch {
      return DEFAULT_CENSOR
    }
  }
}

/** The last four, as on a receipt; a value so short that four would give it away shows nothing. */
export function mask(value: unknown): string {
  if (typeof value === 'object' && value !== null) return DEFAULT_CENSOR
  const text = String(value)
  return text.length >= 10 ? `****${text.slice(-4)}` : '****'
}

/** @returns a censor that gives `hmac:` and 16 hexadecimal digits. Objects without JSON of their own are not told apart. */
function hash(key: string): CensorFunction {
  return (value) =>
    `hmac:${nodeCrypto().createHmac('sha256', key).update(textOf(value)).digest('hex').slice(0, HASH_CHARACTERS)}`
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function checkedKey(key: string | undefined): string {
  const accepted = `accepted: at least ${LEAST_HASH_KEY_BYTES} bytes of random text, as from "openssl rand -hex 32"`
  if (key === undefined || key === '') throw new TypeError(`redact.hashKey or LOG_HASH_KEY: missing; ${accepted}`)
  if (typeof key !== 'string') throw new TypeError(`redact.hashKey: got ${typeof key}; ${accepted}`)
  if (Buffer.byteLength(key) < LEAST_HASH_KEY_BYTES || new Set(key).size < LEAST_DIFFERENT) {
    throw new TypeError(`redact.hashKey or LOG_HASH_KEY: too weak (${Buffer.byteLength(key)} bytes); ${accepted}`)
  }
  return key
}
