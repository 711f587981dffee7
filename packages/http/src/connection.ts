import type { EventEmitter } from 'node:events'

/** The property under which a connection keeps the callbacks for its close. */
const WATCHERS: unique symbol = Symbol('throughline.watchers')

interface Connection extends EventEmitter {
  [WATCHERS]?: ConnectionWatcher[]
}

/** Is told when a connection closes. */
export interface ConnectionWatcher {
  connectionClosed(): void
}

/**
 * Tells of a connection's close. Until Node 24, a response that waits for its turn on a pipelined connection hears of that in
 * no other way; nor does an upgrade, which has no response. One listener a connection, however many requests it carries, so
 * that none adds up on a kept-alive one.
 *
 * @returns those who watch it, for `unwatchConnection`: HTTP/2's connection can be asked for nothing once it is closed.
 */
export function watchConnection(connection: Connection, watcher: ConnectionWatcher): ConnectionWatcher[] {
  const watchers = connection[WATCHERS] ?? listenTo(connection)
  watchers.push(watcher)
  return watchers
}

/** Ends a watch. */
export function unwatchConnection(watchers: ConnectionWatcher[], watcher: ConnectionWatcher): void {
  const at = watchers.indexOf(watcher)
  if (at !== -1) watchers.splice(at, 1)
}

// A function of its own: a listener made among a request's closures would keep that request for as long as it listens.
function listenTo(connection: Connection): ConnectionWatcher[] {
  const watchers: ConnectionWatcher[] = []
  connection[WATCHERS] = watchers
  connection.once('close', () => {
    for (const watcher of [...watchers]) watcher.connectionClosed()
  })
  return watchers
}
