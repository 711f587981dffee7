import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'

/**
 * Answers with a request's id, as one of the reply's headers: Fastify hands those to Node with the head, and Node writes them
 * as they are. One that stands on the raw response before that has Node check and keep all of them, each by itself (bench
 * `fastify`: a third of what the id costs).
 */
export function answerWith(reply: FastifyReply, name: string, id: string): void {
  const { raw } = reply
  if (raw.headersSent) return
  reply.header(name, id)
  // What the application answers by itself (`reply.hijack()`, `reply.raw.end()`) does not come by the reply's headers.
  const response = raw as { writeHead: WriteHead }
  response.writeHead = headWith(response.writeHead, name, id)
}

type WriteHead = (status: number, reason?: string | OutgoingHttpHeaders, headers?: OutgoingHttpHeaders) => unknown

/** Made by a call, since V8 keeps a function literal that is assigned to a property among the old objects. */
function headWith(writeHead: WriteHead, name: string, id: string): WriteHead {
  const key = name.toLowerCase()
  return function (this: FastifyReply['raw'], status, reason, headers) {
    const given = typeof reason === 'object' ? reason : headers
    if (given?.[key] === undefined && !this.hasHeader(name)) this.setHeader(name, id)
    return writeHead.call(this, status, reason, headers)
  }
}
