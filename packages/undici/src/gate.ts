import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { HeaderRecord, OutgoingCall } from '@throughline/http/outgoing'
import { OWN_TRACE, TRACEPARENT, TRACESTATE } from 'throughline/internal'

/**
 * The last gate before a connection, for what an interceptor cannot know:
 *
 * - Where a call goes, if something beneath it decides that: a redirect followed beneath it goes elsewhere, and a Pool or Client
 *   of undici 6 and 7 knows its origin alone. Where the ids must not go, they are taken off again.
 * - What a tracer adds beneath it. OpenTelemetry, New Relic and dd-trace append their `traceparent` here, whether there is one
 *   or not. Then theirs stays, and ours is taken off.
 *
 * undici publishes `undici:request:create` for this sort of thing, before anything is written. A request that is not created
 * while its call is dispatched, since it waits for a connection, is known by the ids that it carries.
 */
export class Gate {
  private readonly key: string | undefined
  private isOpen = true
  /** Whether the call's request has been created. */
  isCreated = false

  constructor(
    readonly call: OutgoingCall,
    readonly path: string,
    readonly added: HeaderRecord,
  ) {
    this.key = added[OWN_TRACE] ?? added[TRACEPARENT] ?? added['x-request-id']
    if (this.key !== undefined) gates.set(this.key, (gates.get(this.key) ?? new Set()).add(this))
    standLast()
  }

  /** Dispatches the call. */
  pass<T>(dispatch: () => T): T {
    const outer = dispatching
    dispatching = this
    try {
      return dispatch()
    } finally {
      dispatching = outer
    }
  }

  /** The call is over. */
  close(): void {
    const { key } = this
    if (!this.isOpen || key === undefined) return
    this.isOpen = false
    const others = gates.get(key)
    others?.delete(this)
    if (others?.size === 0) gates.delete(key)
  }
}

/** Whether calls need a gate although every server may have the ids: a tracer may add headers of its own. */
export function isTraced(): boolean {
  return created.hasSubscribers
}

interface CreateMessage {
  /** `headers` is a flat list of names and values, from undici 6.7 on, and what is written to the connection. */
  readonly request: { readonly origin?: string | URL; readonly path?: string; readonly headers: unknown }
}

const CREATED = 'undici:request:create'
const created = channel(CREATED)
const gates = new Map<string, Set<Gate>>()
let dispatching: Gate | undefined

/** Subscribers are called in their order, and tracers may have come since. */
function standLast(): void {
  subscribe(CREATED, onCreate)
  if (isSubscribed) unsubscribe(CREATED, onCreate)
  isSubscribed = true
}

let isSubscribed = false

function onCreate(message: unknown): void {
  const { origin, path, headers } = (message as CreateMessage).request
  if (!Array.isArray(headers)) return
  const found = gatesOf(headers, path)
  if (found.length === 0) return
  // Without a trace, calls of one request look alike: what one of them may do, the other may.
  const isAllowed = origin === undefined || found.map(({ call }) => call.goesTo(origin)).includes(true)
  if (!isAllowed) for (const { added } of found) remove(headers, (name, value) => added[name] === value)
  keepLastTrace(headers)
  const gate = found.find(({ isCreated }) => !isCreated) ?? found[0]
  if (gate === undefined) return
  const sent = { traceparent: valueIn(headers, TRACEPARENT), own: valueIn(headers, OWN_TRACE) }
  // A redirect to where the ids must not go does not take back what was sent before it.
  if (!gate.isCreated || sent.traceparent !== undefined || sent.own !== undefined) gate.call.sends(sent)
  gate.isCreated = true
}

/** The gate that is being passed, else those of the calls whose ids the request carries. */
function gatesOf(headers: readonly unknown[], path: string | undefined): readonly Gate[] {
  if (dispatching !== undefined && !dispatching.isCreated && dispatching.path === path) return [dispatching]
  for (let i = 1; i < headers.length; i += 2) {
    const found = typeof headers[i] === 'string' ? gates.get(headers[i] as string) : undefined
    if (found !== undefined) return [...found]
  }
  return []
}

/** Of several `traceparent`, the one that was added last is the tracer's. */
function keepLastTrace(headers: unknown[]): void {
  let last = -1
  for (let i = 0; i < headers.length; i += 2) if (nameAt(headers, i) === TRACEPARENT) last = i
  if (last === -1) return
  const kept = headers.splice(0, last)
  const isDouble = kept.some((_, i) => i % 2 === 0 && nameAt(kept, i) === TRACEPARENT)
  if (isDouble) remove(kept, (name) => name === TRACEPARENT || name === TRACESTATE)
  remove(kept, (name) => name === OWN_TRACE)
  headers.unshift(...kept)
}

function remove(headers: unknown[], isRemoved: (name: string, value: unknown) => boolean): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (isRemoved(nameAt(headers, i), headers[i + 1])) headers.splice(i, 2)
  }
}

function valueIn(headers: readonly unknown[], wanted: string): unknown {
  const at = headers.findIndex((_, i) => i % 2 === 0 && nameAt(headers, i) === wanted)
  return at === -1 ? undefined : headers[at + 1]
}

function nameAt(headers: readonly unknown[], i: number): string {
  return String(headers[i]).toLowerCase()
}
