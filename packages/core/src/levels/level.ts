/**
 * The level table. The numbers are those of bunyan and pino, so that whoever filters on numbers keeps doing so; the
 * labels are those of the line (`"level":"ERROR"`).
 */

/** The six levels, from the most talkative to the most severe. */
export type LevelName = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** A threshold: one of the levels, or `silent`, which lets nothing through but `audit`. */
export type LevelThreshold = LevelName | 'silent'

/** The levels' numbers: `log.level` compares these. */
export const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const satisfies Record<
  LevelName,
  number
>

/** Above every level: a threshold of `silent` admits nothing. */
export const SILENT = 100

/**
 * The severity with which a destination receives an `audit` line, so that a full queue drops it last. The line itself
 * says `"level":"INFO","log_type":"audit"`.
 */
export const AUDIT = 70

export const LEVEL_NAMES = Object.keys(LEVELS) as readonly LevelName[]

/** What is accepted wherever a level is read, for error messages. */
export const ACCEPTED_LEVELS = `${LEVEL_NAMES.join(', ')}, silent`

/** Words of other loggers and of syslog (RFC 5424) that mean one of ours. */
const SYNONYMS: Readonly<Record<string, LevelThreshold>> = {
  warning: 'warn',
  err: 'error',
  critical: 'fatal',
  off: 'silent',
  none: 'silent',
}

/** Reads a level's name whatever its case; `undefined` when it is none. */
export function parseLevel(text: string): LevelThreshold | undefined {
  const word = text.trim().toLowerCase()
  if (word === 'silent' || (LEVEL_NAMES as readonly string[]).includes(word)) return word as LevelThreshold
  return Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : undefined
}

export function levelNumber(name: LevelThreshold): number {
  return name === 'silent' ? SILENT : LEVELS[name]
}

/** The name of a threshold's number. Numbers between two levels count as the next higher one. */
export function levelName(number: number): LevelThreshold {
  for (const name of LEVEL_NAMES) if (number <= LEVELS[name]) return name
  return 'silent'
}
