import { Command, InvalidArgumentError, Option } from 'commander'
import { ExitStatus } from '../exit-status.js'
import { Intake } from '../input/intake.js'
import { findSources } from '../input/source.js'
import { columnsOf, hasColors, type Io } from '../io.js'
import { Output } from '../output.js'
import { lineFilterOf, type Wanted } from '../record/filter.js'
import { LEVEL_WORDS, severityOf } from '../record/severity.js'
import { MOMENTS, parseMoment, type Zone } from '../record/time.js'
import { type Paint, paintFor } from '../terminal/paint.js'

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
export function wantedOf({ now }: Io, { level, where, since, until, local }: SharedFlags): Wanted {
  const zone: Zone = local === true ? 'local' : 'utc'
  const at = (text: string | undefined) => (text === undefined ? undefined : parseMoment(text, now(), zone))
  return { severity: level, where, since: at(since), until: at(until) }
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

export const FILES = 'log files, plain or gzip, or globs of them; "-" or none for standard input'

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
  const sources = await findSources(files)
  if (sources.some(({ path }) => path === undefined)) io.readToEnd?.()
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
