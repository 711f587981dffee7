import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'throughline'
import { Pool } from 'undici'

class DatabaseConnectionError extends Error {
  override readonly name = 'DatabaseConnectionError'
  readonly statusCode = 503
}

const ATTEMPTS = 3

/** The database. It is nobody's service: no ids go there, and what it does is logged here. */
export class DatabaseClient {
  readonly #pool: Pool
  readonly #log: Logger

  constructor(url: string, log: Logger) {
    this.#pool = new Pool(url)
    this.#log = log
  }

  /** @throws DatabaseConnectionError when it cannot be reached, after a few attempts. */
  async get(path: string): Promise<unknown> {
    this.#log.debug('Querying', { query: path })
    for (let attempt = 1; ; attempt++) {
      try {
        const { body } = await this.#pool.request({ method: 'GET', path })
        return await body.json()
      } catch (cause) {
        if (attempt === ATTEMPTS) throw new DatabaseConnectionError('Database connection failed', { cause })
        this.#log.debug('Trying again', { retry_attempt: attempt })
        await delay(10 * attempt)
      }
    }
  }
}
