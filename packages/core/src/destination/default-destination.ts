import { resolve } from 'node:path'
import { isatty } from 'node:tty'
import type { Destination } from '../destination.js'
import { askedFormat } from '../format/formats.js'
import type { Environment } from '../logger/service.js'
import { fieldNames } from '../pretty/field-choice.js'
import { appendedFile } from './appended-file.js'
import { colorsIn, pretty } from './pretty.js'
import { stderr, stdout } from './stdout.js'

export interface DefaultDestination {
  readonly destination: Destination
  /** Whether it renders lines for people, which takes lines under our own names. */
  readonly isReadable: boolean
}

/**
 * Where lines go when no destination is given: `LOG_DESTINATION` (`stdout`, `stderr`, or a file's path), else standard
 * output; readable for people where a terminal shows it outside production, or where `LOG_FORMAT=pretty` asks for it.
 *
 * @throws when the file of `LOG_DESTINATION` cannot be opened.
 */
export function defaultDestination(env: Environment): DefaultDestination {
  // The devices are the streams, which a socket cannot be opened as, and other loggers write to by the stream's writer.
  const where = (env.LOG_DESTINATION || 'stdout').replace(/^\/dev\/(?=std(out|err)$)/, '')
  const isStandard = where === 'stdout' || where === 'stderr'
  const destination =
    where === 'stderr'
      ? stderr()
      : where === 'stdout'
        ? stdout()
        : appendedFile(resolve(where.replace(/^file:(\/\/)?/, '')))
  // Not `process.stdout.isTTY`: naming it would open a stream on the descriptor and change how it blocks.
  const isTerminal = isStandard && isatty(where === 'stderr' ? 2 : 1)
  const isReadable = readable(env, isTerminal)
  if (!isReadable) return { destination, isReadable }
  const options = { colors: colorsIn(env) ?? isTerminal, hide: fieldNames(env.LOG_PRETTY_HIDE) }
  return { destination: pretty(destination, options), isReadable }
}

function readable(env: Environment, isTerminal: boolean): boolean {
  const asked = askedFormat(env)
  if (asked !== undefined) return asked === 'pretty'
  return isTerminal && env.NODE_ENV !== 'production'
}
