import type { Logger } from 'throughline'

/** Calls a function of the application's; when it throws, the request goes on with the other value. */
export type Guard = <T>(option: string, fn: () => T, otherwise: T) => T

/** A guard that warns once for each option, rather than at every request. */
export function guardWith(log: Logger): Guard {
  const told = new Set<string>()
  return (option, fn, otherwise) => {
    try {
      return fn()
    } catch (error) {
      if (!told.has(option)) {
        told.add(option)
        log.warn('Request logging option threw; told once', { option, error })
      }
      return otherwise
    }
  }
}
