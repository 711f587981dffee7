import { type AnyRequest, type Identity, identifyRequest, type Settings } from '@throughline/http'

const identities = new WeakMap<AnyRequest, Identity>()
const generators = new WeakMap<object, Settings>()

/** A `genReqId` that finds out who a request is, for the plugin to take over. */
export function generatorOf(settings: Settings): (req: AnyRequest) => string {
  const generate = (req: AnyRequest) => {
    const identity = identifyRequest(settings, req, req)
    identities.set(req, identity)
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
  return identities.get(req)
}
