import type { Damage } from '../input/intake.js'
import type { Ledger, Place } from './ledger.js'
import type { LoggerCounters, ProcessLog } from './process-log.js'
import { type ProcessRuns, processRunsOf } from './process-runs.js'
import type { Range } from './seq-set.js'

/** How a process's lines end. */
export type Ending =
  /** With its closing counters. */
  | 'closed'
  /** Without, and a later process of the same service took its place. */
  | 'killed'
  /** Without, and nothing after it: it may still run. */
  | 'open'

/** What is known of one process. */
export interface ProcessVerdict {
  readonly boot_id: string
  readonly service: string | undefined
  readonly place: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly first_seq: number
  readonly last_seq: number
  readonly lines: number
  readonly missing: number
  readonly gaps: readonly Range[]
  /** Missing ones that the logger itself counted as dropped. */
  readonly missing_dropped: number
  /** Missing ones of which nothing knows: lost on the way from the logger to the file. */
  readonly missing_unaccounted: number
  readonly repeats: number
  readonly repeated: readonly number[]
  readonly torn: number
  readonly ending: Ending
  /** It took the place of an earlier process. */
  readonly is_restart: boolean
  readonly counters: LoggerCounters | undefined
  /** By how much the logger's count of its lines is off their numbers. */
  readonly disagreement: number
}

/** What `verify` found, as `--json` prints it. */
export interface Verdict {
  readonly is_complete: boolean
  readonly is_numbered: boolean
  readonly lines: number
  readonly missing: number
  readonly torn: number
  readonly torn_places: readonly Place[]
  readonly repeats: number
  readonly not_json: number
  readonly not_json_places: readonly Place[]
  readonly unnumbered: number
  /** Numbered lines that were not checked, of more processes than can be told apart. */
  readonly unchecked: number
  readonly damaged: readonly string[]
  readonly processes: readonly ProcessVerdict[]
}

export interface Strictness {
  /** The files are a part of a longer log: what precedes a process's first line is not missed. */
  readonly isWindow: boolean
  /** A process without its closing line counts as incomplete. */
  readonly requireEnd: boolean
}

/** Returns what the lines of a ledger prove, and what is missing. */
export function verdictOf(ledger: Ledger, damages: readonly Damage[], strictness: Strictness): Verdict {
  const logs = ledger.all().filter(({ lastWanted }) => lastWanted > 0)
  const runs = processRunsOf(logs)
  const processes = logs.map((log) => processVerdict(log, runs(log), strictness.isWindow))
  const sum = (number: (process: ProcessVerdict) => number) => processes.reduce((all, each) => all + number(each), 0)
  const missing = sum((process) => process.missing)
  const isOpen = strictness.requireEnd && processes.some(({ ending }) => ending !== 'closed')
  const disagrees = processes.some(({ disagreement }) => disagreement !== 0)
  return {
    is_complete:
      missing === 0 && ledger.torn === 0 && ledger.unchecked === 0 && damages.length === 0 && !isOpen && !disagrees,
    is_numbered: logs.length > 0,
    lines: ledger.lines,
    missing,
    torn: ledger.torn,
    torn_places: ledger.tornPlaces,
    repeats: sum(({ repeats }) => repeats),
    not_json: ledger.foreign,
    not_json_places: ledger.foreignPlaces,
    unnumbered: ledger.unnumbered,
    unchecked: ledger.unchecked,
    damaged: damages.map(({ source, reason }) => `${source.name}: ${reason}`),
    processes,
  }
}

function processVerdict(log: ProcessLog, runs: ProcessRuns, isWindow: boolean): ProcessVerdict {
  const { count, ranges } = log.missing(isWindow)
  const dropped = Math.min(count, log.dropped)
  const iso = (time: number) => (Number.isFinite(time) ? new Date(time).toISOString() : undefined)
  return {
    boot_id: log.bootId,
    service: log.service,
    place: log.place,
    from: iso(log.firstTime),
    to: iso(log.lastTime),
    first_seq: log.firstWanted,
    last_seq: log.lastWanted,
    lines: log.lastWanted - (isWindow ? log.firstWanted : 1) + 1 - count,
    missing: count,
    gaps: ranges,
    missing_dropped: dropped,
    missing_unaccounted: count - dropped,
    repeats: log.repeats,
    repeated: log.repeated,
    torn: log.torn,
    ending: log.isClosed ? 'closed' : runs.hasLater(log) ? 'killed' : 'open',
    is_restart: runs.hasEarlier(log),
    counters: log.counters,
    disagreement: log.disagreement,
  }
}
