import type { ServerResponse } from 'node:http'
import { type AnyRequest, type AnyResponse, isHttp2 } from './message.js'

/** Bytes of bodies: received from the client, and handed to the connection. Headers and chunk framing are not counted. */
export interface ByteCount {
  received: number
  sent: number
  /** Whether the system had taken all of the response when it was ended. HTTP/1 only. */
  isFlushed: boolean
}

// Node counts per socket only, which says nothing where connections are kept alive or pipelined, and what
// `Content-Length` announces is not what a cut connection carried. So the calls that move the bytes are counted.
export function countBytes(req: AnyRequest, res: AnyResponse): ByteCount {
  const count: ByteCount = { received: 0, sent: 0, isFlushed: false }
  // Functions from calls, and no literals assigned to a property: see `emitInContext`.
  if (hasBody(req, res)) req.push = countingPush(req.push, count)
  const written = res as { write: Write; end: Write }
  written.write = countingWrite(written.write, count)
  // HTTP/2's `end` hands its chunk to `write`.
  if (!isHttp2(res)) written.end = countingEnd(written.end, count)
  return count
}

/** The bytes of a finished response's body, which for some is computed and thrown away. */
export function bodyBytes({ method }: AnyRequest, res: AnyResponse, status: number, { sent }: ByteCount): number {
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) return 0
  const { _contentLength: announced } = res as { readonly _contentLength?: unknown }
  // To the client, what goes beyond the announced length is no part of this response.
  return typeof announced === 'number' && announced < sent ? announced : sent
}

type Push = AnyRequest['push']
type Write = (this: AnyResponse, ...args: unknown[]) => unknown

function countingPush(push: Push, count: ByteCount): Push {
  return function (this: AnyRequest, chunk: unknown, encoding?: BufferEncoding) {
    count.received += lengthOf(chunk, encoding)
    return push.call(this, chunk, encoding)
  }
}

function countingWrite(write: Write, count: ByteCount): Write {
  return function (...args) {
    const isOpen = !(this.writableEnded || this.destroyed)
    const result = Reflect.apply(write, this, args)
    // What Node refuses (it throws, or the response has ended) is not sent.
    if (isOpen) count.sent += lengthOf(args[0], args[1])
    return result
  }
}

function countingEnd(end: Write, count: ByteCount): Write {
  return function (this: AnyResponse, ...args) {
    if (this.writableEnded) return Reflect.apply(end, this, args)
    const result = Reflect.apply(end, this, args)
    count.sent += lengthOf(args[0], args[1])
    count.isFlushed = (this as ServerResponse).socket !== null && this.writableLength === 0
    return result
  }
}

function hasBody(req: AnyRequest, res: AnyResponse): boolean {
  if (isHttp2(res)) return !res.stream.endAfterHeaders
  return req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') {
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined)
  }
  return chunk instanceof Uint8Array ? chunk.byteLength : 0
}
