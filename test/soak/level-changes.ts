import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import type { Service } from './service.ts'

/** Longer than any change takes to be seen, on a busy machine too. */
const PATIENCE_MS = 20_000

/** Changes a service's level while it runs, in both of the ways that need no code: a file, and a signal. */
export class LevelChanges {
  made = 0
  /** Those that the service followed. */
  followed = 0
  private readonly service: Service
  private readonly path: string

  constructor(service: Service, path: string) {
    this.service = service
    this.path = path
  }

  async change(): Promise<void> {
    const { service, path } = this
    // One that was not followed says enough.
    if (this.followed < this.made) return
    const steps = [
      () => writeFileSync(path, 'debug'),
      () => writeFileSync(path, ''),
      () => service.signal('SIGUSR2'),
      () => service.signal('SIGUSR2'),
    ]
    for (const [i, step] of steps.entries()) {
      this.made++
      step()
      if (!(await this.becomes(i % 2 === 0))) return
      this.followed++
    }
  }

  private async becomes(isDebug: boolean): Promise<boolean> {
    const deadline = performance.now() + PATIENCE_MS
    while ((await this.isDebug()) !== isDebug) {
      if (performance.now() > deadline) return false
      await delay(20)
    }
    return true
  }

  private async isDebug(): Promise<boolean> {
    const { body } = await request(`${this.service.url}/level`)
    return ((await body.json()) as { readonly isDebug: boolean }).isDebug
  }
}
