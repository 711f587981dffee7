import type { EventEmitter } from 'node:events'

type Callbacks = Set<() => void>

const connections = new WeakMap<EventEmitter, Callbacks>()

/**
 * Calls back when the connection closes. Until Node 24, a response that waits for its turn on a pipelined connection hears
 * of that in no other way; nor does an upgrade, which has no response. One listener a connection, however many requests it carries, so that none adds up on a kept-alive one.
 *
 * @returns a function that ends the watch.
 */
export function watchConnection(socket: EventEmitter, closed: () => void): () => void {
  const callbacks = connections.get(socket) ?? listenTo(socket)
  callbacks.add(closed)
  return () => callbacks.delete(closed)
}

// A function of its own: a listener made among a request's closures would keep that request for as long as it listens.
function listenTo(socket: EventEmitter): Callbacks {
  const callbacks: Callbacks = new Set()
  connections.set(socket, callbacks)
  socket.once('close', () => {
    for (const closed of [...callbacks]) closed()
  })
  return callbacks
}
