import type { Command } from 'commander'
import { ExitStatus } from '../exit-status.js'
import type { Io } from '../io.js'
import { Ledger } from '../verify/ledger.js'
import { report } from '../verify/report.js'
import { type Verdict, verdictOf } from '../verify/verdict.js'
import { command, FILES, type Finish, intakeOf, print, type SharedFlags, screenFor, statusOf } from './command.js'

interface Flags extends SharedFlags {
  readonly json?: boolean
  readonly window?: boolean
  readonly requireEnd?: boolean
}

const EXAMPLES = [
  "throughline verify 'logs/api.log*'",
  'throughline verify --window today.log',
  "throughline verify --json api.log | jq '.processes[].gaps'",
]

/** `throughline verify`. */
export function verifyCommand(io: Io, finish: Finish): Command {
  return command('verify', 'prove that no line disappeared', EXAMPLES)
    .description(
      'Looks for every gap, repeat, torn and invalid line in the lines that createLogger({ sequence: true }) numbers, process by process. Restarts are told apart from losses, and what is missing is held against the counters of the "Log stats" and "Log lines dropped" lines. Name all files of the processes, rotated ones too; the order does not matter. With --since, --until, --where or --level, each process is looked at from its first line of which they hold to its last.',
    )
    .argument('[files...]', FILES)
    .option('--window', 'the files are a part of a longer log: lines before them are not missed')
    .option('--require-end', 'a process without its closing counters counts as incomplete')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing is missing, 1 something is missing or torn, 2 unusable arguments or files,\n3 no line is numbered, 130 interrupted.',
    )
    .action(async (files: readonly string[], flags: Flags) => finish(await verify(io, files, flags)))
}

async function verify(io: Io, files: readonly string[], flags: Flags): Promise<ExitStatus> {
  const intake = await intakeOf(io, files, flags)
  const ledger = new Ledger()
  try {
    for await (const lines of intake.lines()) for (const line of lines) ledger.add(line, intake.wants(line))
  } finally {
    intake.end()
  }
  // Where only some lines are asked for, the span from the first to the last of them is.
  const { level, where, since, until, loki, query } = flags
  const isPart = [level, where, since, until, loki, query].some((flag) => flag !== undefined)
  const strictness = { isWindow: flags.window === true || isPart, requireEnd: flags.requireEnd === true }
  const verdict = verdictOf(ledger, intake.damages, strictness)
  await print(io, flags.json === true ? `${JSON.stringify(verdict)}\n` : report(verdict, screenFor(io, flags)))
  return statusOf(io, statusFor(verdict))
}

function statusFor({ is_complete, is_numbered }: Verdict): ExitStatus {
  if (!is_complete) return ExitStatus.found
  return is_numbered ? ExitStatus.ok : ExitStatus.unproven
}
