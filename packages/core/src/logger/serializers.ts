import { entriesOf } from '../check-options.js'
import type { Fields } from '../encode/field.js'
import { readableCopy } from './log-arguments.js'
import type { Serializers } from './logger.js'

/** The serializers of a child: its own, then its parent's. Those that a prototype of its own has count as its own. */
export function mergedSerializers(
  parent: Serializers | undefined,
  own: Serializers | undefined,
): Serializers | undefined {
  if (own === undefined || own === null) return parent
  const merged: Record<string, (value: never) => unknown> = { ...parent }
  // With those that it inherits: Fastify gives a plugin's serializers as `Object.create(parent)`.
  for (const [name, serializer] of entriesOf(own)) if (typeof serializer === 'function') merged[name] = serializer
  return merged
}

/** Where pino keeps a logger's serializers (`pino.symbols.serializersSym`), and Fastify and pino-http look for them. */
export const PINO_SERIALIZERS = Symbol.for('pino.serializers')

/**
 * What a framework is given that would set serializers of its own for these names: Fastify's would write an error with all that hangs
 * on it (an axios error's request with its credentials), and a request's URL with its query. An error is left to the encoder.
 */
export const STANDARD_SERIALIZERS = {
  err: (error: unknown) => error,
  req: (request: unknown) => {
    if (typeof request !== 'object' || request === null) return request
    const { method, url, ip } = request as { readonly method?: unknown; readonly url?: unknown; readonly ip?: unknown }
    return { method, path: typeof url === 'string' ? url.split('?', 1)[0] : undefined, remote_addr: ip }
  },
  res: (response: unknown) => {
    if (typeof response !== 'object' || response === null) return response
    return { status_code: (response as { readonly statusCode?: unknown }).statusCode }
  },
} satisfies Serializers

/**
 * The fields with the values of a serializer's name replaced by what the serializer returns. One that throws leaves a marker
 * in the value's place.
 */
export function serialized<T extends Fields | undefined>(fields: T, serializers: Serializers): T | Fields {
  if (fields === undefined) return fields
  let result: Record<string, unknown> | undefined
  for (const name in serializers) {
    if (!mayHave(fields, name)) continue
    result ??= readableCopy(fields)
    if (!Object.hasOwn(result, name)) continue
    try {
      result[name] = (serializers[name] as (value: unknown) => unknown)(result[name])
    } catch {
      result[name] = `[serializer of ${name} threw]`
    }
  }
  return result ?? fields
}

function mayHave(fields: object, name: string): boolean {
  try {
    return Object.hasOwn(fields, name)
  } catch {
    // A proxy that does not say what it has: its readable copy does.
    return true
  }
}
