import type { ServerResponse } from 'node:http'
import { type AnyResponse, isHttp2 } from './message.js'

/** A response's head, known from the moment it is written. What is set on the response later never reaches the client. */
export interface Head {
  status: number | undefined
  /** What the connection had written before it; undefined while the response waited for its turn. HTTP/1 only. */
  startsAt: number | undefined
}

/**
 * Notes the head when it is written, and answers with the request's id. The header is there from the beginning, for the
 * application to read; Koa removes all headers when it answers an error, so it is checked again with the head.
 *
 * @param header The name of the id's header; `false` for none.
 */
export function watchHead(res: AnyResponse, header: string | false, id: string): Head {
  const head: Head = { status: undefined, startsAt: undefined }
  const response = res as { writeHead: WriteHead }
  if (header !== false && !res.headersSent) res.setHeader(header, id)
  // A function from a call, and no literal assigned to a property: see `emitInContext`.
  response.writeHead = notingHead(response.writeHead, head, header, id)
  return head
}

type WriteHead = (this: AnyResponse, ...args: unknown[]) => unknown

function notingHead(writeHead: WriteHead, head: Head, header: string | false, id: string): WriteHead {
  return function (...args) {
    // One that `writeHead` itself is called with replaces this one.
    if (header !== false && !this.headersSent && !this.hasHeader(header)) this.setHeader(header, id)
    if (!isHttp2(this)) head.startsAt = this.socket?.bytesWritten
    const result = Reflect.apply(writeHead, this, args)
    head.status ??= this.statusCode
    return result
  }
}

/** The status that went out; undefined when the head never left this process. */
export function sentStatus(res: AnyResponse, head: Head): number | undefined {
  if (isHttp2(res)) return res.stream.sentHeaders?.[':status'] as number | undefined
  return res.headersSent && hasLeft(res, head) ? (head.status ?? res.statusCode) : undefined
}

function hasLeft({ socket }: ServerResponse, { startsAt }: Head): boolean {
  // It waits for its turn on a pipelined connection.
  if (socket === null) return false
  // Node collects what is written in one turn; a connection that is cut before its end has sent none of it.
  return startsAt === undefined || !(socket.bytesWritten <= startsAt)
}
