import { type AnyRequest, type AnyResponse, isHttp2 } from './message.js'

/** Bytes of bodies: received from the client, and handed to the connection. Headers and chunk framing are not counted. */
export interface ByteCount {
  received: number
  sent: number
}

// Node counts per socket only, which says nothing where connections are kept alive or pipelined, and what
// `Content-Length` announces is not what a cut connection carried. So the calls that move the bytes are counted.
export function countBytes(req: AnyRequest, res: AnyResponse): ByteCount {
  const count: ByteCount = { received: 0, sent: 0 }
  // Functions from calls, and no literals assigned to a property: see `emitInContext`.
  if (hasBody(req, res)) req.push = countingPush(req.push, count)
  // `HEAD` has its body computed and thrown away.
  if (req.method === 'HEAD') return count
  const written = res as { write: Write; end: Write }
  written.write = countingWrite(written.write, count)
  written.end = countingEnd(written.end, count)
  return count
}

type Push = AnyRequest['push']
type Write = (...args: unknown[]) => unknown

function countingPush(push: Push, count: ByteCount): Push {
  return function (this: AnyRequest, chunk: unknown, encoding?: BufferEncoding) {
    count.received += lengthOf(chunk, encoding)
    return push.call(this, chunk, encoding)
  }
}

function countingWrite(write: Write, count: ByteCount): Write {
  return function (this: unknown, ...args) {
    count.sent += lengthOf(args[0], args[1])
    return Reflect.apply(write, this, args)
  }
}

function countingEnd(end: Write, count: ByteCount): Write {
  return function (this: unknown, ...args) {
    const before = count.sent
    const result = Reflect.apply(end, this, args)
    // HTTP/2's `end` hands its chunk to `write`, HTTP/1's does not.
    if (count.sent === before) count.sent += lengthOf(args[0], args[1])
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
