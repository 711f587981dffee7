import type { Duplex } from 'node:stream'

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/

/**
 * Finds out how an upgrade (WebSocket) was answered. Its handler writes the status line to the bare socket, so the first
 * thing written is read on its way; after that the socket is as it was.
 *
 * @returns a function that tells the status, once there is one.
 */
export function watchUpgrade(socket: Duplex): () => number | undefined {
  const { write, end } = socket
  let status: number | undefined
  const read = (chunk: unknown) => {
    socket.write = write
    socket.end = end
    const text = chunk instanceof Uint8Array ? Buffer.from(chunk.subarray(0, 16)).toString('latin1') : String(chunk)
    const match = STATUS_LINE.exec(text)
    if (match !== null) status = Number(match[1])
  }
  socket.write = ((...args: Parameters<typeof write>) => {
    read(args[0])
    return Reflect.apply(write, socket, args)
  }) as typeof write
  socket.end = ((...args: Parameters<typeof end>) => {
    read(args[0])
    return Reflect.apply(end, socket, args)
  }) as typeof end
  return () => status
}
