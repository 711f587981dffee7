import { Command, InvalidArgumentError, Option } from 'commander'
import { ExitStatus } from '../exit-status.js'
import { Intake } from '../input/intake.js'
import { findSources, type Source } from '../input/source.js'
import { columnsOf, hasColors, type Io } from '../io.js'
import { connectionOf } from '../loki/connection.js'
import { EVERY_STREAM, lokiSource } from '../loki/source.js'
import { Output } from '../output.js'
import { lineFilterOf, type Wanted } from '../record/filter.js'
import { LEVEL_WORDS, severityOf } from '../record/severity.js'
import { MOMENTS, parseMoment, type Zone } from '../record/time.js'
import { type Paint, paintFor } from '../terminal/paint.js'
import { UserError } from '../user-error.js'

/** Told the exit status when a command is done. */
export type Finish = (status: ExitStatus) => void

/** The flags of every command. */
export interface SharedFlags {
  readonly color?: boolean
  /** A severity, in pino's numbers. */
  readonly level?: number
  readonly where?: string
  readonly since?: string
  readonly until?: string
  readonly local?: boolean
  readonly loki?: string
  readonly query?: string
  readonly fetch?: number
}

/** A command with the flags that all have, and its examples under its help. */
export function command(name: string, summary: string, examples: readonly string[]): Command {
  return new Command(name)
    .summary(summary)
    .addOption(new Option('--color', 'colours even where the output is no terminal'))
    .addOption(new Option('--no-color', 'no colours, as with NO_COLOR set'))
    .addOption(
      new Option('-l, --level <level>', `only this level and worse: ${LEVEL_WORDS.join(', ')}`).argParser(severity),
    )
    .option('-w, --where <condition>', 'only records of which it holds, such as "status_code>=500 and service=api"')
    .addOption(
      new Option('-s, --since <moment>', 'only from then on: a time, or how long ago (15m, 2h30m)').argParser(moment),
    )
    .addOption(new Option('-u, --until <moment>', 'only before then').argParser(moment))
    .option('--local', "times without a zone are this machine's, not UTC")
    .option('--loki <url>', 'read from a Loki in place of files, by default the last hour; see LOKI_* in the reference')
    .option('--query <logql>', `what to read from it (default: '${EVERY_STREAM}')`)
    .addOption(
      new Option('--fetch <lines>', 'at most so many lines from it').default(MOST_LINES).argParser(positiveNumber),
    )
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
}

/** What `--where` reads, for the help of `pretty`. */
export const CONDITIONS = `
Conditions (--where):
  field = value        also != < <= > >=; numbers by size, "level" by severity, all else by text
  field > 1s           durations (1h30m, 250ms) and sizes (10MB, 4KiB), where the field's name
                       says the unit (_ms, _s, _bytes) or its text does ("1.5s")
  field ~ 'pattern'    a regular expression matches; !~ does not
  field in (a, b)      one of several
  field                the record has it; dots lead into objects (user.id)
  and, or, not, ( )    "not" binds strongest, "or" weakest; && || ! mean the same`

/** Which records the flags ask for. */
export function wantedOf(io: Io, flags: SharedFlags): Wanted {
  const { level, where } = flags
  // A store answers for a span of time, by its own clock.
  return { severity: level, where, ...(isOfLoki(flags) ? {} : momentsOf(io, flags)) }
}

function momentsOf({ now }: Io, { since, until, local }: SharedFlags): Pick<Wanted, 'since' | 'until'> {
  const zone: Zone = local === true ? 'local' : 'utc'
  const at = (text: string | undefined) => (text === undefined ? undefined : parseMoment(text, now(), zone))
  return { since: at(since), until: at(until) }
}

/** What logcli looks at where no time is given. */
const USUAL_SPAN_MS = 3_600_000
const MOST_LINES = 100_000

function isOfLoki({ loki, query }: SharedFlags): boolean {
  return loki !== undefined || query !== undefined
}

/**
 * The sources that arguments and flags name: a Loki, or files.
 *
 * @param mayBeAbsent Files that do not exist yet are waited for.
 * @throws UserError where they cannot be used.
 */
export async function sourcesOf(
  io: Io,
  files: readonly string[],
  flags: SharedFlags,
  mayBeAbsent = false,
): Promise<readonly Source[]> {
  if (!isOfLoki(flags)) return findSources(files, mayBeAbsent)
  if (files.length > 0) throw new UserError(`--loki reads no files; got ${files.join(', ')}`)
  if (mayBeAbsent) throw new UserError('--follow reads files and standard input, and cannot be used with --loki')
  const { since, until = io.now() } = momentsOf(io, flags)
  const start = since ?? until - USUAL_SPAN_MS
  if (start >= until) throw new UserError('--since is not before --until')
  const nanoseconds = (ms: number) => BigInt(Math.round(ms)) * 1_000_000n
  const range = { query: flags.query ?? EVERY_STREAM, start: nanoseconds(start), end: nanoseconds(until) }
  const connection = connectionOf(flags.loki, io.env)
  return [lokiSource({ connection, range, lines: flags.fetch ?? MOST_LINES })]
}

function severity(word: string): number {
  const found = severityOf(word)
  if (found === undefined) throw new InvalidArgumentError(`Accepted: ${LEVEL_WORDS.join(', ')}.`)
  return found
}

/** Kept as text, since whether it means UTC depends on `--local`. */
function moment(text: string): string {
  if (parseMoment(text, 0) === undefined) throw new InvalidArgumentError(`Accepted: ${MOMENTS}.`)
  return text
}

export const FILES = 'log files, plain, gzip or zstd, or globs of them; "-" or none for standard input'

/** Where a report goes and what it may look like. */
export interface Screen {
  readonly columns: number
  readonly colors: boolean
  readonly paint: Paint
}

export function screenFor(io: Io, { color }: SharedFlags): Screen {
  const colors = hasColors(io, color)
  return { columns: columnsOf(io), colors, paint: paintFor(colors) }
}

/** Reads all sources of a command that reports at the end. */
export async function intakeOf(io: Io, files: readonly string[], flags: SharedFlags): Promise<Intake> {
  const wants = lineFilterOf(wantedOf(io, flags))
  const sources = await sourcesOf(io, files, flags)
  if (sources.some(({ path, remote }) => path === undefined && remote === undefined)) io.readToEnd?.()
  return new Intake(io, sources, { wants })
}

/** Says on standard error which sources could be read only in part, where the report has no place for it. */
export function tellDamages({ stderr }: Io, { damages }: Intake): void {
  // A source that was read twice is damaged once.
  const told = new Set(damages.map(({ source, reason }) => `throughline: ${source.name}: ${reason}\n`))
  for (const text of told) stderr.write(text)
}

/** Prints a report, unless Ctrl-C came first. */
export async function print(io: Io, text: string): Promise<void> {
  if (io.signal.aborted) return
  const output = new Output(io.stdout, io.signal)
  try {
    output.add(text)
    await output.flush()
  } finally {
    output.close()
  }
}

/** A status, unless Ctrl-C came first. */
export function statusOf({ signal }: Io, status: ExitStatus): ExitStatus {
  return signal.aborted ? ExitStatus.interrupted : status
}

/** Reads a flag's value as a whole number above 0. */
export function positiveNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number above 0.')
  return number
}
