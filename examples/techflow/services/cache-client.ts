import { correlation } from '@throughline/undici'
import { type Dispatcher, Pool } from 'undici'

/** The cache service, over a pool of connections that takes the request's ids along. */
export class CacheClient {
  readonly #pool: Dispatcher

  constructor(url: string) {
    this.#pool = new Pool(url).compose(correlation())
  }

  /** What is kept under a key. A cache that fails is one that has nothing: the interceptor has logged it. */
  async get(key: string): Promise<unknown> {
    try {
      const { statusCode, body } = await this.#pool.request({ method: 'GET', path: `/entries/${key}` })
      const text = await body.text()
      return statusCode === 200 ? JSON.parse(text) : undefined
    } catch {
      return undefined
    }
  }

  async set(key: string, value: unknown): Promise<void> {
    try {
      const body = JSON.stringify(value)
      const response = await this.#pool.request({ method: 'PUT', path: `/entries/${key}`, body })
      await response.body.dump()
    } catch {
      // As above.
    }
  }
}
