import { LEVELS, type LevelName } from 'throughline'
import { parseLevel } from 'throughline/internal'

/** How severe a level is, in pino's numbers, by its name or number; `undefined` for a word that is no level. */
export function severityOf(level: unknown): number | undefined {
  if (typeof level === 'number') return level
  if (typeof level !== 'string') return undefined
  const known = SEVERITIES[level]
  if (known !== undefined) return known
  // A level of pino's that has no name here.
  if (/^\d{1,3}$/.test(level)) return Number(level)
  const parsed = parseLevel(level)
  return parsed === undefined || parsed === 'silent' ? undefined : LEVELS[parsed]
}

/** By the names as lines have them: asked for every line. */
const SEVERITIES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(LEVELS).map(([name, severity]) => [name.toUpperCase(), severity]),
)

export const LEVEL_WORDS: readonly LevelName[] = Object.keys(LEVELS) as LevelName[]
