import type { AnyRequest, Identity } from '@throughline/http'

const identities = new WeakMap<AnyRequest, Identity>()
const generators = new WeakSet<object>()

/** Marks a `genReqId` as one that finds out who a request is, for the plugin to take over. */
export function generatorOf(identify: (req: AnyRequest) => Identity): (req: AnyRequest) => string {
  const generate = (req: AnyRequest) => {
    const identity = identify(req)
    identities.set(req, identity)
    return identity.requestId
  }
  generators.add(generate)
  return generate
}

/** Whether an instance's ids come from `fastifyOptions`. */
export function isGenerator(genReqId: unknown): boolean {
  return typeof genReqId === 'function' && generators.has(genReqId)
}

/** Who a request is, when its id came from `fastifyOptions`. */
export function identityOf(req: AnyRequest): Identity | undefined {
  return identities.get(req)
}
