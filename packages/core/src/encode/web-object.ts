/** What is shown of each kind of object whose data stands in getters of its class. No body is read. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  Request: ['method', 'url'],
  Response: ['status', 'url', 'type'],
  Blob: ['size', 'type'],
  File: ['name', 'size', 'type'],
  AbortSignal: ['aborted', 'reason'],
  CryptoKey: ['type', 'extractable', 'usages'],
  Event: ['type'],
  CustomEvent: ['type', 'detail'],
  MessageEvent: ['type', 'data'],
  CloseEvent: ['type', 'code', 'reason'],
  ErrorEvent: ['type', 'message', 'error'],
  WebSocket: ['url', 'readyState'],
  EventSource: ['url', 'readyState'],
  ReadableStream: ['locked'],
  WritableStream: ['locked'],
  FileHandle: ['fd'],
}

/**
 * An object of the Fetch API, the File API and the like, with the properties that say what it is; `undefined` for any other
 * object. Told by its tag: naming the global `Response` would load all of fetch, and other packages have classes of their own.
 */
export function webObject(value: object): Record<string, unknown> | undefined {
  const tag: unknown = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
  const names = typeof tag === 'string' && Object.hasOwn(SHOWN, tag) ? SHOWN[tag] : undefined
  if (names === undefined) return undefined
  const shown: Record<string, unknown> = {}
  for (const name of names) {
    const property: unknown = (value as Record<string, unknown>)[name]
    if (property !== undefined && property !== '') shown[name] = property
  }
  return shown
}
