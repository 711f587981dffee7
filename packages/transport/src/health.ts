import type { TransportHealth } from 'throughline/destination'

/** What became of a transport's lines, and what went wrong last. */
export class Health {
  /** Lines that the store has. */
  stored = 0
  /** Lines that the store refused for good. */
  refused = 0
  /** Whether the store took lines when it last answered. */
  isTaking = false
  private lastError: string | undefined
  private lastErrorAt: string | undefined

  /** @param error What the store or the network said, without secrets. */
  failed(error: string): void {
    this.isTaking = false
    this.lastError = error.slice(0, 300)
    this.lastErrorAt = new Date().toISOString()
  }

  snapshot(): Pick<TransportHealth, 'stored' | 'refused' | 'lastError' | 'lastErrorAt'> {
    const { stored, refused, lastError, lastErrorAt } = this
    return { stored, refused, lastError, lastErrorAt }
  }
}
