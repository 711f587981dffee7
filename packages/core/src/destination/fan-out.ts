import { ACCEPTED_LEVELS, LEVELS, type LevelThreshold, levelNumber, parseLevel } from '../levels/level.js'
import { warnOnce } from '../warn.js'
import type { Destination } from './destination.js'
import { Tally } from './tally.js'

/** A destination that takes only part of the lines. */
export interface Branch {
  /** Where they go. */
  readonly destination: Destination
  /** The lowest level it takes; every one by default. */
  readonly level?: LevelThreshold
}

/** A branch as it is used: from which level on, and how many of its lines it threw at. */
interface Taker {
  readonly destination: Destination
  readonly least: number
  readonly thrown: Tally
}

/**
 * The same lines to several destinations. One that throws is told of once, its line is counted as dropped, and it does not
 * keep the others from theirs.
 *
 * @throws TypeError when the list is empty or holds something that is no destination.
 */
export function fanOut(destinations: readonly (Destination | Branch)[]): Destination {
  if (!Array.isArray(destinations) || destinations.length === 0) {
    throw new TypeError('fanOut(destinations): accepted: a list of at least one destination')
  }
  const takers = destinations.map(takerOf)
  const all = async (act: (destination: Destination) => Promise<void>) => {
    await Promise.all(
      takers.map(async ({ destination }) => {
        try {
          await act(destination)
        } catch (error) {
          tell(error)
        }
      }),
    )
  }
  return {
    write(line, level) {
      for (const taker of takers) hand(taker, line, level)
    },
    flush: () => all((destination) => destination.flush()),
    flushSync() {
      for (const { destination } of takers) {
        try {
          destination.flushSync()
        } catch (error) {
          tell(error)
        }
      }
    },
    close: () => all((destination) => destination.close()),
    reportWith(makeLine) {
      for (const taker of takers) {
        // What one says of itself goes to the others too: the line has a number, which they would miss.
        taker.destination.reportWith?.((message, fields) => {
          const line = makeLine(message, fields)
          for (const other of takers) if (other !== taker) hand(other, line, LEVELS.warn)
          return line
        })
      }
    },
    dropped: () => sum(takers.flatMap(({ destination, thrown }) => [destination.dropped?.() ?? {}, thrown.byLevel])),
  }
}

function takerOf(given: Destination | Branch, index: number): Taker {
  const { destination, level } = 'destination' in given ? given : { destination: given, level: undefined }
  if (typeof destination?.write !== 'function') {
    throw new TypeError(
      `fanOut: entry ${index} has no write method; accepted: a destination, or { destination, level }`,
    )
  }
  const least = level === undefined ? 0 : parseLevel(level)
  if (least === undefined)
    throw new TypeError(`fanOut: entry ${index} has no valid level; accepted: ${ACCEPTED_LEVELS}`)
  return { destination, least: least === 0 ? 0 : levelNumber(least), thrown: new Tally() }
}

function hand({ destination, least, thrown }: Taker, line: string, level: number): void {
  if (level < least) return
  try {
    destination.write(line, level)
  } catch (error) {
    thrown.count(level)
    tell(error)
  }
}

function tell(error: unknown): void {
  warnOnce(`a destination of fanOut threw ${error instanceof Error ? error.name : typeof error}; the others go on`)
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const one of counts) for (const [label, count] of Object.entries(one)) total[label] = (total[label] ?? 0) + count
  return total
}
