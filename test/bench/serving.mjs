/** A server as a contender: the CPU time that a request takes, over requests that another process sends. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { cpuTime } from './rounds.mjs'

/** @param listen From the case's place, a server that listens on a port of its own. */
export const serving = (listen) => async (place) => {
  const server = await listen(place)
  // The other contenders' turns may take longer than the five seconds of the default.
  server.keepAliveTimeout = 600_000
  const { port } = server.address()
  const load = fork(join(import.meta.dirname, 'load.mjs'), [String(port), '/users/42'], { execArgv: [] })
  return {
    async round(requests) {
      const started = cpuTime()
      load.send(requests)
      await once(load, 'message')
      return (cpuTime() - started) / requests
    },
  }
}
