import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Logs a request that Fastify refuses before any route or hook: a URL that cannot be decoded, a parameter that is too long. */
export type LogRefused = (error: RefusedError, request: FastifyRequest, reply: FastifyReply) => void

/** Fastify's error for such a request. */
export type RefusedError = Error & { readonly statusCode?: number }

/** What the plugin of each server does about them. */
export const refusals = new WeakMap<FastifyInstance, LogRefused>()

/** For Fastify's option `frameworkErrors`: answers as Fastify does by itself, and has the plugin log the request. */
export function answerRefused(error: RefusedError, given: unknown, answer: unknown): void {
  // Their types depend on the server's kind, HTTP/1 or 2, and nothing here does.
  const [request, reply] = [given as FastifyRequest, answer as FastifyReply]
  refusals.get(request.server)?.(error, request, reply)
  reply.code(error.statusCode ?? 500).send(error)
}
