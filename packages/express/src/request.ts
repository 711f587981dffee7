import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'throughline'
import type { Routed } from './route-pattern.js'

declare global {
  // Express's own types are extended through this namespace, whatever their version: `Request` of both inherits from it.
  // biome-ignore lint/style/noNamespace: there is no other way to extend them
  namespace Express {
    interface Request {
      /** The request's id: the one that came in, or a new one. */
      id: string
      /** The request's own logger: its lines carry the request's ids and context. */
      log: Logger
    }
  }
}

/** A request as Express 4 and 5 make it, so that neither's types are needed here. */
export interface ExpressRequest extends IncomingMessage, Routed {
  readonly originalUrl: string
  readonly ip?: string | undefined
  readonly body?: unknown
}

/** What the middleware adds to it. */
export interface LoggedFields {
  id: string
  log: Logger
}

/** A response as Express 4 and 5 make it. */
export type ExpressResponse = ServerResponse

/** Hands on to the next handler. */
export type Next = (error?: unknown) => void
