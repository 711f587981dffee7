import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { LokiServer, Trouble } from '../shipping/loki-server.ts'

function refusing(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Trouble {
  return (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    response.writeHead(status, headers).end(words)
    return true
  }
}

/** What a store goes through, one after the other. Between two of them it takes everything. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  'answers 500': refusing(500, 'rpc error: code = Unavailable'),
  'answers 429 with Retry-After': refusing(429, 'Ingestion rate limit exceeded', { 'retry-after': '1' }),
  'never answers': (request) => {
    request.resume()
    return true
  },
  'stores, and cuts the connection': (_request, response) => {
    // What is stored is sent again, for its answer never comes.
    response.writeHead = (() => response.destroy()) as never
    return false
  },
}

/** And gone. */
const KINDS = Object.keys(TROUBLES).length + 1

/** Has a store flap until it is told to be well. */
export class Moods {
  /** How many requests each trouble has met. */
  readonly met: Record<string, number> = {}
  private readonly ending = new AbortController()
  private readonly running: Promise<void>

  constructor(
    server: LokiServer,
    /** How long each mood lasts. */
    ms: number,
  ) {
    this.running = this.flap(server, ms)
  }

  /** Whether the store has been in each, its absence included. */
  get haveAllBeen(): boolean {
    return Object.keys(this.met).length === KINDS
  }

  async recover(): Promise<void> {
    this.ending.abort()
    await this.running
  }

  private async flap(server: LokiServer, ms: number): Promise<void> {
    const { signal } = this.ending
    const pause = () => delay(ms, undefined, { signal }).catch(() => {})
    // A mood that no request meets is none: a slow sender is waited for.
    const beMet = async (name: string, before: number) => {
      await pause()
      while (!signal.aborted && (this.met[name] ?? 0) === before) await delay(20)
    }
    while (!signal.aborted) {
      for (const [name, trouble] of Object.entries(TROUBLES)) {
        await pause()
        const before = this.met[name] ?? 0
        server.trouble = (request, response) => {
          this.met[name] = (this.met[name] ?? 0) + 1
          return trouble(request, response)
        }
        await beMet(name, before)
        server.trouble = undefined
      }
      await server.close()
      await pause()
      await server.open()
      this.met['is gone'] = (this.met['is gone'] ?? 0) + 1
    }
  }
}
