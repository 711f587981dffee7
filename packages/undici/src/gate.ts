import { subscribe } from 'node:diagnostics_channel'
import type { HeaderRecord, OutgoingCall } from '@throughline/http/outgoing'

/**
 * The last gate before a connection. An interceptor sees where a call goes only if nothing beneath it decides that: a
 * redirect followed beneath it goes elsewhere, and a Pool or Client of undici 6 and 7 knows its origin alone. Calls of which
 * this can be so are watched here, and where one turns out to be going where the ids must not go, they are taken off again.
 *
 * undici publishes `undici:request:create` for this sort of thing, and before anything is written. When and in which context
 * it does so has no say here: a request is known by the ids it carries, as a rule by a span id that no other call has.
 */
export function watch(call: OutgoingCall, added: HeaderRecord): () => void {
  const key = added.traceparent ?? added['x-request-id']
  if (key === undefined) return () => {}
  const entry: Watched = { call, added }
  const entries = watched.get(key) ?? new Set()
  watched.set(key, entries.add(entry))
  if (!isSubscribed) subscribe('undici:request:create', (message) => onCreate(message as CreateMessage))
  isSubscribed = true
  return () => {
    entries.delete(entry)
    if (entries.size === 0) watched.delete(key)
  }
}

interface Watched {
  readonly call: OutgoingCall
  readonly added: HeaderRecord
}

interface CreateMessage {
  /** `headers` is a flat list of names and values, from undici 6.7 on, and what is written to the connection. */
  readonly request: { readonly origin?: string | URL; readonly headers: unknown }
}

const watched = new Map<string, Set<Watched>>()
let isSubscribed = false

function onCreate({ request: { origin, headers } }: CreateMessage): void {
  if (watched.size === 0 || origin === undefined || !Array.isArray(headers)) return
  const entries = entriesOf(headers)
  if (entries === undefined) return
  // Without a trace, calls of one request look alike: what one of them may do, the other may.
  const isAllowed = [...entries].map(({ call }) => call.goesTo(origin)).includes(true)
  if (!isAllowed) for (const { added } of entries) remove(headers, added)
}

function entriesOf(headers: readonly unknown[]): Set<Watched> | undefined {
  for (let i = 1; i < headers.length; i += 2) {
    const entries = typeof headers[i] === 'string' ? watched.get(headers[i] as string) : undefined
    if (entries !== undefined) return entries
  }
  return undefined
}

function remove(headers: unknown[], added: HeaderRecord): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (added[String(headers[i])] === headers[i + 1]) headers.splice(i, 2)
  }
}
