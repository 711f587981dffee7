import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import { isOwnTraffic, OWN_TRACE, TRACEPARENT } from 'throughline/internal'
import { OutgoingCall } from '../outgoing/call.js'
import type { HeaderRecord } from '../outgoing/headers.js'
import { type CheckedOutgoing, checkOutgoing, type OutgoingOptions } from '../outgoing/options.js'
import { targetOf } from '../outgoing/target.js'
import { hide } from './hide.js'
import { type RequestArguments, readArguments } from './request-arguments.js'
import { watch } from './watch.js'

type RequestFunction = (...args: RequestArguments) => ClientRequest
type Module = { request: RequestFunction; get: RequestFunction }

/** The undo, on the functions that were put in place: known to every copy of this package. */
const UNDO = Symbol.for('throughline.http_client.1')

/**
 * Does for `node:http` and `node:https` what `@throughline/undici` does for undici and `fetch`: every request sends the present
 * context's ids and is logged when it is over. Clients built on them (axios, got, superagent) come with it.
 *
 * It replaces `request` and `get` of both modules, for `import` and `require` alike; diagnostics channels come too late for
 * headers on Node 20. So a library that keeps a function of its own (`const { request } = require('node:http')`) is only
 * seen when it is loaded afterwards: call this first. A second call changes nothing.
 *
 * @returns its undo.
 * @throws TypeError naming the option that cannot be used.
 */
export function instrumentHttpClient(options: OutgoingOptions = {}): () => void {
  const checked = checkOutgoing(options, 'instrumentHttpClient')
  const present = (http.request as { readonly [UNDO]?: () => void })[UNDO]
  if (present !== undefined) return present
  const restores = [replace(http as Module, 'http:', checked), replace(https as Module, 'https:', checked)]
  const undo = () => {
    for (const restore of restores) restore()
    syncBuiltinESMExports()
  }
  for (const { request } of [http, https]) Object.defineProperty(request, UNDO, { value: undo })
  syncBuiltinESMExports()
  return undo
}

/** Replaces a module's functions, and returns what puts them back. */
function replace(module: Module, protocol: string, checked: CheckedOutgoing): () => void {
  const original = { request: module.request, get: module.get }
  let isActive = true
  const request: RequestFunction = (...args) =>
    isActive && !isOwnTraffic() ? correlate(original.request, args, protocol, checked) : original.request(...args)
  // Node's own `get` would call Node's own `request`.
  const get: RequestFunction = (...args) => {
    const made = request(...args)
    made.end()
    return made
  }
  module.request = request
  module.get = get
  return () => {
    // Where somebody has replaced them again, or kept them, they stay in use and have to step aside.
    isActive = false
    if (module.request === request) module.request = original.request
    if (module.get === get) module.get = original.get
  }
}

function correlate(
  original: RequestFunction,
  args: RequestArguments,
  protocol: string,
  checked: CheckedOutgoing,
): ClientRequest {
  const read = attempt(() => readArguments(args, protocol))
  // A tunnel through a proxy is no call, and what cannot be read Node refuses in its own words.
  if (read === undefined || read.method === 'CONNECT') return original(...args)
  const call = new OutgoingCall(read.method, targetOf(read.origin, read.path), checked)
  const { headers, added } = call.extend(read.headers)
  const request = original(...(read.withHeaders(headers) as unknown as RequestArguments))
  hide(request, added)
  keepTracers(request, added)
  watch(request, call)
  return request
}

/** A tracer beneath has put its `traceparent` in the place of ours, or where there was none; ours then goes as nothing else. */
function keepTracers(request: ClientRequest, added: HeaderRecord): void {
  if (added[OWN_TRACE] === undefined || request.headersSent) return
  if (request.hasHeader(TRACEPARENT)) request.removeHeader(OWN_TRACE)
}

function attempt<T>(fn: () => T): T | undefined {
  try {
    return fn()
  } catch {
    return undefined
  }
}
