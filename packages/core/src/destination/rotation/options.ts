import type { OptionChecker } from '../../check-options.js'
import { type Every, Schedule } from './schedule.js'

/** The options of `file(path, { rotate })`. At least one of `size` and `every` is required. */
export interface RotateOptions {
  /** The most bytes of a file: a line that does not fit begins the next file. No bound by default. */
  readonly size?: number
  /** Begins a new file at the start of each day or hour, or at each multiple of so many milliseconds. Never by default. */
  readonly every?: 'day' | 'hour' | number
  /** What is kept of the rotated files; everything by default. The oldest are removed first. */
  readonly keep?: {
    /** At most so many files. */
    readonly files?: number
    /** Files whose last line was written less than so many days ago. */
    readonly days?: number
    /** At most so many bytes in all, as they are on disk. */
    readonly bytes?: number
  }
  /** Compresses rotated files; `'zstd'` where Node has it (22.15, 23.8 and later). `false` by default. */
  readonly compress?: 'gzip' | 'zstd' | false
  /** The time zone of `every`, by its IANA name (`Europe/Berlin`); `UTC` by default. File names are always in UTC. */
  readonly timeZone?: string
}

/** How rotated files are compressed. */
export type Compression = 'gzip' | 'zstd'

/** Options with their defaults. */
export interface CheckedRotation {
  readonly size: number
  readonly schedule: Schedule
  readonly keep: { readonly files: number; readonly days: number; readonly bytes: number }
  readonly compress: Compression | undefined
}

/** @throws TypeError for an option that cannot be used. */
export function checkRotation(options: OptionChecker<RotateOptions>): CheckedRotation {
  const size = options.number('size', Number.POSITIVE_INFINITY, { least: 1 })
  const isEvery = (every: unknown) =>
    every === 'day' || every === 'hour' || (typeof every === 'number' && Number.isFinite(every) && every >= 1)
  const every: Every | undefined = options.check('every', isEvery, "'day', 'hour' or milliseconds from 1")
  const keep = options.nested('keep', ['files', 'days', 'bytes'])
  const kept = {
    files: keep.number('files', Number.POSITIVE_INFINITY, { least: 0, whole: true }),
    days: keep.number('days', Number.POSITIVE_INFINITY, { above: 0 }),
    bytes: keep.number('bytes', Number.POSITIVE_INFINITY, { least: 0 }),
  }
  const compress = checkCompression(options)
  const schedule = checkSchedule(options, every)
  if (size === Number.POSITIVE_INFINITY && every === undefined) {
    throw options.refused('size', undefined, 'a number from 1, or every')
  }
  return { size, schedule, keep: kept, compress }
}

function checkCompression(options: OptionChecker<RotateOptions>): Compression | undefined {
  const isKnown = (value: unknown) => value === false || value === 'gzip' || value === 'zstd'
  const compress = options.check('compress', isKnown, "'gzip', 'zstd' or false")
  if (compress === 'zstd' && process.versions.zstd === undefined) {
    throw options.refused('compress', compress, `'gzip' or false; zstd needs Node 22.15, this is ${process.version}`)
  }
  return compress === false ? undefined : compress
}

function checkSchedule(options: OptionChecker<RotateOptions>, every: Every | undefined): Schedule {
  const timeZone = options.string('timeZone', 'the name of a time zone, such as Europe/Berlin')
  try {
    return new Schedule(every, timeZone)
  } catch {
    throw options.refused('timeZone', timeZone, 'the name of a time zone, such as Europe/Berlin')
  }
}
