import { propertyOf, refused } from '../check-options.js'
import type { Destination } from '../destination.js'
import { ACCEPTED_LEVELS, AUDIT, LEVELS, type LevelThreshold, levelNumber, parseLevel } from '../levels/level.js'
import { warnOnce } from '../warn.js'
import { DropCounter } from './drop-counter.js'
import { finish } from './finish.js'
import type { FlushOptions } from './flush-options.js'

/** A destination that takes only part of the lines. */
export interface Branch {
  /** Where they go. */
  readonly destination: Destination
  /** The lowest level it takes; every one by default. `audit` takes only audit lines, which every level but `silent` takes too. */
  readonly level?: LevelThreshold | 'audit'
}

/** A branch as it is used. */
interface CheckedBranch {
  readonly destination: Destination
  /** The number of the lowest level it takes. */
  readonly least: number
  /** Counts the lines at which it threw. */
  readonly thrown: DropCounter
}

/**
 * The same lines to several destinations. When one throws, its line is counted as dropped, the error is reported once on
 * standard error, and the others still get the line. A flush or a close that one of them does not finish in time does not hold
 * up the others.
 *
 * @throws TypeError when the list is empty or holds something that is no destination.
 */
export function fanOut(destinations: readonly (Destination | Branch)[]): Destination {
  if (!Array.isArray(destinations) || destinations.length === 0) {
    throw refused('fanOut(destinations)', destinations, 'an array of at least one destination')
  }
  const branches = destinations.map(checkedBranch)
  const all = async (act: 'flush' | 'close', options: FlushOptions | undefined) => {
    await Promise.all(
      branches.map(async ({ destination }) => {
        try {
          await finish(destination, act, options)
        } catch (error) {
          report(error)
        }
      }),
    )
  }
  return {
    write(line, level) {
      for (const branch of branches) write(branch, line, level)
    },
    flush: (options) => all('flush', options),
    flushSync(options) {
      for (const { destination } of branches) {
        try {
          destination.flushSync(options)
        } catch (error) {
          report(error)
        }
      }
    },
    close: (options) => all('close', options),
    reportWith(makeLine) {
      for (const branch of branches) {
        // A report of one goes to the others too: the line has a number, which they would miss.
        branch.destination.reportWith?.((message, fields) => {
          const line = makeLine(message, fields)
          for (const other of branches) if (other !== branch) write(other, line, LEVELS.warn)
          return line
        })
      }
    },
    health: () => branches.flatMap(({ destination }) => destination.health?.() ?? []),
    dropped: () => sum(branches.flatMap(({ destination, thrown }) => [destination.dropped?.() ?? {}, thrown.byLevel])),
    get closeTimeoutMs() {
      const own = branches.map(({ destination }) => destination.closeTimeoutMs).filter((ms) => ms !== undefined)
      return own.length === 0 ? undefined : Math.max(...own)
    },
    limitLines(limit) {
      let least = Number.POSITIVE_INFINITY
      for (const { destination } of branches) {
        destination.limitLines?.((maxLineBytes) => {
          if (maxLineBytes < least) limit(maxLineBytes)
          least = Math.min(least, maxLineBytes)
        })
      }
    },
  }
}

function checkedBranch(given: Destination | Branch, index: number): CheckedBranch {
  const branch = propertyOf(given, 'destination') === undefined ? undefined : (given as Branch)
  const destination = branch?.destination ?? (given as Destination)
  if (typeof destination?.write !== 'function') {
    throw refused(`fanOut([…]): entry ${index}`, given, 'a destination, or { destination, level }')
  }
  const least = branch === undefined ? 0 : leastOf(propertyOf(branch, 'level'))
  if (least === undefined)
    throw refused(`fanOut([…]): level of entry ${index}`, branch?.level, `${ACCEPTED_LEVELS}, audit`)
  return { destination, least, thrown: new DropCounter() }
}

function leastOf(level: unknown): number | undefined {
  if (level === undefined) return 0
  if (level === 'audit') return AUDIT
  const parsed = typeof level === 'string' ? parseLevel(level) : undefined
  return parsed === undefined ? undefined : levelNumber(parsed)
}

function write({ destination, least, thrown }: CheckedBranch, line: string, level: number): void {
  if (level < least) return
  try {
    destination.write(line, level)
  } catch (error) {
    thrown.count(level)
    report(error)
  }
}

function report(error: unknown): void {
  warnOnce(`a destination of fanOut threw ${error instanceof Error ? error.name : typeof error}; the others go on`)
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const one of counts) for (const [label, count] of Object.entries(one)) total[label] = (total[label] ?? 0) + count
  return total
}
