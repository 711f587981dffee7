import { createHmac } from 'node:crypto'

/**
 * What stands in a secret's place:
 *
 * - a text (`***REDACTED***` by default);
 * - `{ text }`, to say so when the text would be one of the words below;
 * - `'remove'`: the field is left out;
 * - `'mask'`: the last four characters stay (`****1234`), of values of at least ten;
 * - `'hash'`: a short HMAC-SHA-256, the same for the same value, so that a person stays recognisable without the name;
 * - a function of the value and its key, whose result is written as it is.
 */
export type Censor = string | 'remove' | 'mask' | 'hash' | ((value: unknown, key: string) => unknown)

export const DEFAULT_CENSOR = '***REDACTED***'

/** A replacement, or `undefined` when the field is to be left out. */
export type CensorFunction = (value: unknown, key: string) => unknown

/** A key shorter than this can be tried out: 128 bits, the least that NIST SP 800-107 allows for HMAC. */
const LEAST_HASH_KEY_BYTES = 16
/** 64 bits: short enough for a line, and long enough for some hundred million people before two share one. */
const HASH_CHARACTERS = 16

/** @throws TypeError when `hash` has no key or a weak one. */
export function compileCensor(censor: Censor | undefined, hashKey: string | undefined): CensorFunction {
  if (censor === undefined) return () => DEFAULT_CENSOR
  if (typeof censor === 'function') return censor
  if (censor === 'remove') return () => undefined
  if (censor === 'mask') return mask
  if (censor === 'hash') return hash(checkedKey(hashKey))
  if (typeof censor === 'string') return () => censor
  throw new TypeError(`redact.censor: got ${typeof censor}; accepted: a text, 'remove', 'mask', 'hash', or a function`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}

/** The last four, as on a receipt; a value so short that four would give it away shows nothing. */
export function mask(value: unknown): string {
  if (typeof value === 'object' && value !== null) return DEFAULT_CENSOR
  const text = textOf(value)
  return text.length >= 10 ? `****${text.slice(-4)}` : '****'
}

export function hash(key: string): CensorFunction {
  return (value) => `hmac:${createHmac('sha256', key).update(textOf(value)).digest('hex').slice(0, HASH_CHARACTERS)}`
}

function checkedKey(key: string | undefined): string {
  const accepted = `accepted: at least ${LEAST_HASH_KEY_BYTES} bytes of random text, as from "openssl rand -hex 32"`
  if (key === undefined || key === '') throw new TypeError(`redact.hashKey or LOG_HASH_KEY: missing; ${accepted}`)
  if (Buffer.byteLength(key) < LEAST_HASH_KEY_BYTES || new Set(key).size < 8) {
    throw new TypeError(`redact.hashKey or LOG_HASH_KEY: too weak (${Buffer.byteLength(key)} bytes); ${accepted}`)
  }
  return key
}
