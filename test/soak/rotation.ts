import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Service } from './service.ts'

/**
 * Log rotation as logrotate does it with `delaycompress`: the file is renamed, the service is told by SIGHUP, and what was
 * renamed the time before is compressed.
 */
export class Rotation {
  private count = 0
  private readonly service: Service

  constructor(service: Service) {
    this.service = service
  }

  rotate(): void {
    const { service, count } = this
    renameSync(service.logPath, `${service.logPath}.${count}`)
    service.signal('SIGHUP')
    this.compress(`${service.logPath}.${count - 1}`)
    this.count++
  }

  /** Every file there is, the oldest first. */
  get files(): readonly string[] {
    const { logPath } = this.service
    const rotated = Array.from({ length: this.count }, (_, i) => `${logPath}.${i}`)
    return [...rotated.map((path) => (existsSync(path) ? path : `${path}.gz`)), logPath]
  }

  private compress(path: string): void {
    if (!existsSync(path)) return
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
    rmSync(path)
  }
}
