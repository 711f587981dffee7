import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'throughline'

/** Where a service listens: as the environment says, else on a port of its own on loopback. */
export function address(port: number): { readonly port: number; readonly host: string } {
  const { PORT, HOST } = process.env
  return { port: Number(PORT ?? port), host: HOST ?? '127.0.0.1' }
}

/** Listens, and stops on SIGTERM. */
export function serve(server: Server, port: number, log: Logger): void {
  server.listen(address(port), () => log.info('Listening', { port: (server.address() as AddressInfo).port }))
  stopOnSigterm(server, () => server.close(), log)
}

/** Takes no more requests after SIGTERM; the process ends when those that are there are answered. */
export function stopOnSigterm(server: Server, close: () => unknown, log: Logger): void {
  process.once('SIGTERM', () => {
    log.info('Shutting down')
    close()
    // A connection whose request is answered would stay open for as long as its client likes.
    setInterval(() => server.closeIdleConnections(), 50).unref()
  })
}
