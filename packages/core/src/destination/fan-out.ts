import { ACCEPTED_LEVELS, type LevelThreshold, levelNumber, parseLevel } from '../levels/level.js'
import { warnOnce } from '../warn.js'
import type { Destination } from './destination.js'

/** A destination that takes only part of the lines. */
export interface Branch {
  readonly destination: Destination
  /** The lowest level it takes; every one by default. */
  readonly level?: LevelThreshold
}

/**
 * The same lines to several destinations. One that throws is told of once and does not keep the others from their lines.
 *
 * @throws TypeError when the list is empty or holds something that is no destination.
 */
export function fanOut(destinations: readonly (Destination | Branch)[]): Destination {
  if (!Array.isArray(destinations) || destinations.length === 0) {
    throw new TypeError('fanOut(destinations): accepted: a list of at least one destination')
  }
  const branches = destinations.map(branchOf)
  const each = (act: (destination: Destination) => void) => {
    for (const { destination } of branches) attempt(() => act(destination))
  }
  const all = async (act: (destination: Destination) => Promise<void>) => {
    await Promise.allSettled(branches.map(({ destination }) => act(destination)))
  }
  return {
    write(line, level) {
      for (const { destination, least } of branches) if (level >= least) attempt(() => destination.write(line, level))
    },
    flush: () => all((destination) => destination.flush()),
    flushSync: () => each((destination) => destination.flushSync()),
    close: () => all((destination) => destination.close()),
    reportWith: (makeLine) => each((destination) => destination.reportWith?.(makeLine)),
    dropped: () => sum(branches.map(({ destination }) => destination.dropped?.() ?? {})),
  }
}

function branchOf(given: Destination | Branch, index: number): { destination: Destination; least: number } {
  const { destination, level } = 'destination' in given ? given : { destination: given, level: undefined }
  if (typeof destination?.write !== 'function') {
    throw new TypeError(
      `fanOut: entry ${index} has no write method; accepted: a destination, or { destination, level }`,
    )
  }
  const least = level === undefined ? 0 : parseLevel(level)
  if (least === undefined)
    throw new TypeError(`fanOut: entry ${index} has no valid level; accepted: ${ACCEPTED_LEVELS}`)
  return { destination, least: least === 0 ? 0 : levelNumber(least) }
}

function attempt(act: () => void): void {
  try {
    act()
  } catch (error) {
    warnOnce(`a destination of fanOut threw ${error instanceof Error ? error.name : typeof error}; the others go on`)
  }
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const one of counts) for (const [label, count] of Object.entries(one)) total[label] = (total[label] ?? 0) + count
  return total
}
