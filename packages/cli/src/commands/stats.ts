import { type Command, Option } from 'commander'
import { ExitStatus } from '../exit-status.js'
import type { Io } from '../io.js'
import { figuresOf } from '../stats/figures.js'
import { report } from '../stats/report.js'
import { Tally } from '../stats/tally.js'
import {
  command,
  FILES,
  type Finish,
  intakeOf,
  positiveNumber,
  print,
  type SharedFlags,
  screenFor,
  statusOf,
} from './command.js'

interface Flags extends SharedFlags {
  readonly json?: boolean
  readonly top: number
}

const EXAMPLES = [
  "throughline stats 'logs/*.log'",
  'throughline stats api.log.gz --top 50',
  "throughline stats --json api.log | jq '.routes[] | select(.error_share > 0.01)'",
]

/** `throughline stats`. */
export function statsCommand(io: Io, finish: Finish): Command {
  return command('stats', 'count requests, errors, durations and volume', EXAMPLES)
    .description(
      'Counts requests and operations with their error share and p50, p95 and p99 by service and route, the slowest requests, error types, and the volume by service and level, which is what a log store bills. A request that one service sends to another on behalf of a customer is counted as a hop, apart from those that came from outside. Where lines were sampled, the counts come from the summary lines, and from sample_rate after the last of them. Quantiles are within 1 %; those of summary lines without a sketch are marked as an estimate.',
    )
    .argument('[files...]', FILES)
    .option('--json', 'print one JSON object')
    .addOption(new Option('--top <rows>', 'rows of each table').default(15).argParser(positiveNumber))
    .action(async (files: readonly string[], flags: Flags) => finish(await stats(io, files, flags)))
}

async function stats(io: Io, files: readonly string[], flags: Flags): Promise<ExitStatus> {
  const intake = await intakeOf(io, files, flags)
  const tally = new Tally()
  try {
    for await (const lines of intake.lines()) for (const line of lines) if (intake.wants(line)) tally.add(line)
  } finally {
    intake.end()
  }
  const figures = figuresOf(
    tally,
    intake.sources.map(({ name }) => name),
    intake.damages,
  )
  const { columns, paint } = screenFor(io, flags)
  const text =
    flags.json === true
      ? `${JSON.stringify(figures)}\n`
      : report(figures, tally.requests, { columns, paint, top: flags.top })
  await print(io, text)
  return statusOf(io, ExitStatus.ok)
}
