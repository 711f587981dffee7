import { LEVELS, type LevelName } from 'throughline'
import { parseLevel } from 'throughline/internal'

/** How severe a level is, in pino's numbers, by its name or number; `undefined` for a word that is no level. */
export function severityOf(level: unknown): number | undefined {
  if (typeof level === 'number') return level
  if (typeof level !== 'string') return undefined
  const known = SEVERITIES.get(level)
  if (known !== undefined) return known
  // A level of pino's that has no name here.
  if (/^\d{1,3}$/.test(level)) return Number(level)
  const parsed = parseLevel(SYNONYMS.get(level.trim().toLowerCase()) ?? level)
  return parsed === undefined || parsed === 'silent' ? undefined : LEVELS[parsed]
}

/** Words of syslog, Python, Java and .NET that name none of our levels. */
const SYNONYMS: ReadonlyMap<string, LevelName> = new Map([
  ['verbose', 'trace'],
  ['finest', 'trace'],
  ['finer', 'trace'],
  ['fine', 'debug'],
  ['information', 'info'],
  ['notice', 'info'],
  ['severe', 'error'],
  ['crit', 'fatal'],
  ['alert', 'fatal'],
  ['emergency', 'fatal'],
  ['emerg', 'fatal'],
  ['panic', 'fatal'],
])

/** By the names as lines have them: asked for every line. */
const SEVERITIES: ReadonlyMap<string, number> = new Map(
  Object.entries(LEVELS).map(([name, severity]) => [name.toUpperCase(), severity]),
)

export const LEVEL_WORDS: readonly LevelName[] = Object.keys(LEVELS) as LevelName[]
