import type { LoggerService } from '@nestjs/common'
import type { Logger } from 'throughline'

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** Nest's own messages, and those of `new Logger(UsersService.name)`, as lines of ours. */
export class NestLogger implements LoggerService {
  readonly #modules = new Map<string, Logger>()
  readonly #root: Logger

  constructor(root: Logger) {
    this.#root = root
  }

  fatal(...args: unknown[]): void {
    this.#write('fatal', args)
  }

  error(...args: unknown[]): void {
    this.#write('error', args)
  }

  warn(...args: unknown[]): void {
    this.#write('warn', args)
  }

  log(...args: unknown[]): void {
    this.#write('info', args)
  }

  debug(...args: unknown[]): void {
    this.#write('debug', args)
  }

  verbose(...args: unknown[]): void {
    this.#write('trace', args)
  }

  /** Nest puts the name of what logs last: that is the module, as in `LOG_LEVEL=info,RouterExplorer=debug`. */
  #write(level: Level, args: unknown[]): void {
    const name = args.length > 1 ? args.at(-1) : undefined
    if (typeof name !== 'string') this.#root[level](...(args as [string]))
    else this.#module(name)[level](...(args.slice(0, -1) as [string]))
  }

  #module(name: string): Logger {
    const known = this.#modules.get(name)
    if (known !== undefined) return known
    const log = this.#root.child({}, { name })
    this.#modules.set(name, log)
    return log
  }
}
