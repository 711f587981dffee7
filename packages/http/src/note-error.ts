import { type ActiveOperation, currentOperation } from 'throughline'
import { lifeOf } from './request-life.js'

/**
 * Notes an error for the completion line of the request that is being handled here. It is for what catches errors and
 * answers them by itself, so that none reaches Express or Fastify: NestJS's exception filters, GraphQL and RPC servers, a
 * `catch` of your own. The level follows the status all the same.
 *
 * @returns whether there is such a line; outside a request, and in one that is ignored, nothing is done.
 * @example
 * ```ts
 * try {
 *   await charge(order)
 * } catch (error) {
 *   noteError(error)
 *   res.status(502).json({ error: 'payment failed' })
 * }
 * ```
 */
export function noteError(error: unknown): boolean {
  let operation: ActiveOperation | undefined = currentOperation()
  // What runs here may be a part of the request: an operation within its own.
  while (operation?.parent !== undefined) operation = operation.parent
  const life = lifeOf(operation)
  life?.fail(error)
  return life !== undefined
}
