import type { EventEmitter } from 'node:events'

const connections = new WeakMap<EventEmitter, Set<() => void>>()

/**
 * Calls back when the connection closes. A response that waits for its turn on a pipelined connection hears of that in no
 * other way. One listener a connection, however many requests it carries, so that none adds up on a kept-alive one.
 *
 * @returns a function that ends the watch.
 */
export function watchConnection(socket: EventEmitter, closed: () => void): () => void {
  let all = connections.get(socket)
  if (all === undefined) {
    all = new Set()
    connections.set(socket, all)
    const open = all
    socket.once('close', () => {
      for (const each of [...open]) each()
    })
  }
  const watched = all
  watched.add(closed)
  return () => watched.delete(closed)
}
