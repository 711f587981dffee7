import { type AnyRequest, type Identity, identifyRequest, type Settings } from '@throughline/http/adapter'
import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from 'fastify'
import type { ChildOptions, Logger } from 'throughline'
import { quietRequestLines, REQUEST_ID_LABEL } from './log-controller.js'

/** Where a request keeps who it is, until the plugin asks. Not a WeakMap, which costs the garbage collector. */
const IDENTITY: unique symbol = Symbol('throughline.identity')

/** Where it keeps the logger that its own is to be made from. */
const BASE: unique symbol = Symbol('throughline.base')

interface Identified {
  [IDENTITY]?: Identity
  [BASE]?: Logger
}

/** The options that decide about a request's ids. */
export const ID_OPTIONS = ['requestIdHeader', 'trustIncoming', 'generateId', 'traceIds'] as const

const generators = new WeakMap<object, Settings>()

/** A `genReqId` that finds out who a request is, for the plugin to take over. */
export function generatorOf(settings: Settings): (req: AnyRequest) => string {
  const generate = (req: AnyRequest) => {
    const identity = identifyRequest(settings, req, req)
    ;(req as Identified)[IDENTITY] = identity
    return identity.requestId
  }
  generators.set(generate, settings)
  return generate
}

/** The settings that decide about an instance's ids, when those are `fastifyOptions`' own. */
export function settingsOf(genReqId: unknown): Settings | undefined {
  return typeof genReqId === 'function' ? generators.get(genReqId) : undefined
}

/** Who a request is, when its id came from `fastifyOptions`. */
export function identityOf(req: AnyRequest): Identity | undefined {
  return (req as Identified)[IDENTITY]
}

/** How Fastify makes a request's logger: `(logger, bindings, options, req)`. */
export type ChildLoggerFactory = NonNullable<FastifyServerOptions['childLoggerFactory']>

/**
 * Makes a request's logger as Fastify does, with the id bound to it, and keeps the one without: from that the plugin makes
 * its own, whose context has the id already.
 */
export function requestChild(
  this: FastifyInstance,
  logger: FastifyBaseLogger,
  bindings: Readonly<Record<string, unknown>>,
  options: ChildOptions,
  req: AnyRequest,
): Logger {
  quietRequestLines(this)
  const base = hasOptions(options) ? (logger as Logger).child({}, options) : (logger as Logger)
  ;(req as Identified)[BASE] = base
  // Under the name that the lines of the plugin have, whatever Fastify's is.
  const [id] = Object.values(bindings)
  return base.child({ [REQUEST_ID_LABEL]: id })
}

function hasOptions(options: ChildOptions): boolean {
  for (const _ in options) return true
  return false
}

/** The logger that a request's own is made from, when `fastifyOptions` has made it. */
export function baseOf(req: AnyRequest): Logger | undefined {
  return (req as Identified)[BASE]
}
