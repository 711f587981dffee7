import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below where systems take the ports of outgoing connections from, so that none takes one of ours while it is unused. */
const [LOWEST, HIGHEST] = [20_000, 32_000]

/** Ports of loopback that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (!ports.includes(port) && (await isFree(port))) ports.push(port)
  }
  return ports
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
