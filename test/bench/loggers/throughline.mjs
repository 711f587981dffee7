/** Our logger, as cases want it. Each function gives a maker, which is called in the contender's own process. */
import { createWriteStream } from 'node:fs'

const SERVICE = { service: 'api', env: {} }

/** What pino's `minLength: 4096` is with us. */
export const at4K = { bytes: 4096, ms: 1000 }

/** To the case's target, by its path. */
export const throughline =
  (policy, options = {}) =>
  async ({ path }) => {
    const { createLogger, file } = await import('throughline')
    return createLogger({ ...SERVICE, destination: file(path, { policy, mkdir: false }), ...options })
  }

/** As it is when nothing is said: standard output, at the end of the turn. */
export const throughlineDefault = () => async () => {
  const { createLogger } = await import('throughline')
  const log = createLogger(SERVICE)
  return { log, written: () => log.flush() }
}

/** To the case's target at the end of the turn, which is our way not to write before the call returns. */
export const throughlineTurn = () => async (place) => {
  const log = await throughline('turn')(place)
  return { log, written: () => log.flush() }
}

/** Over Node's own file stream. */
export const throughlineStream =
  () =>
  async ({ path }) => {
    const { createLogger, stream } = await import('throughline')
    const log = createLogger({ ...SERVICE, destination: stream(createWriteStream(path, { flags: 'a' })) })
    return { log, written: () => log.flush() }
  }
