import { Command, InvalidArgumentError, Option } from 'commander'
import { ExitStatus } from '../exit-status.js'
import { Intake } from '../input/intake.js'
import { findSources } from '../input/source.js'
import { columnsOf, hasColors, type Io } from '../io.js'
import { Output } from '../output.js'
import { type Paint, paintFor } from '../terminal/paint.js'

/** Told the exit status when a command is done. */
export type Finish = (status: ExitStatus) => void

/** The flags of every command. */
export interface SharedFlags {
  readonly color?: boolean
}

/** A command with the flags that all have, and its examples under its help. */
export function command(name: string, summary: string, examples: readonly string[]): Command {
  return new Command(name)
    .summary(summary)
    .addOption(new Option('--color', 'colours even where the output is no terminal'))
    .addOption(new Option('--no-color', 'no colours, as with NO_COLOR set'))
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
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
export async function intakeOf(io: Io, files: readonly string[]): Promise<Intake> {
  return new Intake(io, await findSources(files))
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
