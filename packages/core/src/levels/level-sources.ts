import { warnOnce } from '../warn.js'
import { type Directive, parseDirectives } from './directives.js'
import { ACCEPTED_LEVELS, type LevelThreshold } from './level.js'

type Environment = Readonly<Record<string, string | undefined>>

/** What `LOG_LEVEL` says; what it says badly is told once on standard error, and the rest of it applies. */
export function environmentLevels(env: Environment): readonly Directive[] {
  const text = env.LOG_LEVEL
  if (text === undefined || text.trim() === '') return []
  const { directives, problems } = parseDirectives(text)
  for (const problem of problems) warnOnce(`LOG_LEVEL ${problem}`)
  return directives
}

/** @throws TypeError when the option is neither a level nor directives. */
export function codeLevels(level: string | undefined): readonly Directive[] {
  if (level === undefined) return []
  if (typeof level !== 'string') {
    throw new TypeError(
      `level: got ${typeof level}; accepted: ${ACCEPTED_LEVELS}, or directives such as "info,db=debug"`,
    )
  }
  const { directives, problems } = parseDirectives(level)
  if (problems.length > 0) throw new TypeError(`level: ${problems.join('; ')}`)
  return directives
}

/** Where nothing says a level. */
export function defaultLevel(env: Environment): LevelThreshold {
  return env.NODE_ENV === 'development' ? 'debug' : 'info'
}
