import { isatty } from 'node:tty'
import { pretty } from '../pretty/pretty.js'
import type { Environment } from '../service.js'
import { warnOnce } from '../warn.js'
import type { Destination } from './destination.js'
import { file } from './file.js'
import { stderr, stdout } from './stdout.js'

/**
 * Where lines go when no destination is given: `LOG_DESTINATION` (`stdout`, `stderr`, or a file's path), else standard
 * output; readable for people where a terminal shows it outside production, or where `LOG_FORMAT=pretty` asks for it.
 *
 * @throws when the file of `LOG_DESTINATION` cannot be opened.
 */
export function defaultDestination(env: Environment): Destination {
  const where = env.LOG_DESTINATION || 'stdout'
  const isStandard = where === 'stdout' || where === 'stderr'
  const destination =
    where === 'stderr' ? stderr() : where === 'stdout' ? stdout() : file(where.replace(/^file:(\/\/)?/, ''))
  // Not `process.stdout.isTTY`: naming it would open a stream on the descriptor and change how it blocks.
  const isTerminal = isStandard && isatty(where === 'stderr' ? 2 : 1)
  return readable(env, isTerminal) ? pretty(destination, { colors: colored(env, isTerminal) }) : destination
}

function readable(env: Environment, isTerminal: boolean): boolean {
  const asked = env.LOG_FORMAT
  if (asked === 'pretty') return true
  if (asked === 'json') return false
  if (asked !== undefined && asked !== '') warnOnce('LOG_FORMAT: not one of json, pretty; the default is used')
  return isTerminal && env.NODE_ENV !== 'production'
}

/** By the conventions of no-color.org and force-color.org: `NO_COLOR` and `FORCE_COLOR`, when they are not empty. */
function colored(env: Environment, isTerminal: boolean): boolean {
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '')
    return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  return isTerminal
}
