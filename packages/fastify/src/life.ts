import type { RequestLife } from '@throughline/http/adapter'
import type { FastifyRequest } from 'fastify'

/** Where a request keeps its life. Not a WeakMap, which costs the garbage collector (bench `fastify`). */
export const LIFE: unique symbol = Symbol('throughline.life')

/** The life of a request that the plugin has seen. */
export function lifeOf(request: FastifyRequest): RequestLife | undefined {
  return (request as { readonly [LIFE]?: RequestLife })[LIFE]
}
