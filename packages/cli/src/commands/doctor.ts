import type { Command } from 'commander'
import { Examination } from '../doctor/examination.js'
import { report } from '../doctor/report.js'
import { ExitStatus } from '../exit-status.js'
import type { Io } from '../io.js'
import {
  command,
  FILES,
  type Finish,
  intakeOf,
  print,
  type SharedFlags,
  screenFor,
  statusOf,
  tellDamages,
} from './command.js'

interface Flags extends SharedFlags {
  readonly json?: boolean
}

const EXAMPLES = [
  'throughline doctor api.log',
  "throughline doctor --json 'logs/*.log' | jq '.findings[] | select(.check == \"secret\")'",
  'npm test 2>&1 | throughline doctor',
]

/** `throughline doctor`. */
export function doctorCommand(io: Io, finish: Finish): Command {
  return command('doctor', 'find what a log store will choke on', EXAMPLES)
    .description(
      'Looks for likely secrets; fields that collide when Loki\'s "| json" flattens them (a.b and a_b); fields that are a number here and a string there; duplicate keys; lines over 16 KiB; timestamps out of order; and, as advice, fields with too many values to be labels. Says where, and never the value of a secret.',
    )
    .argument('[files...]', FILES)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 no problem, 1 problems (advice is none), 2 unusable arguments or files, 130 interrupted.',
    )
    .action(async (files: readonly string[], flags: Flags) => finish(await doctor(io, files, flags)))
}

async function doctor(io: Io, files: readonly string[], flags: Flags): Promise<ExitStatus> {
  const intake = await intakeOf(io, files, flags)
  const examination = new Examination()
  try {
    for await (const lines of intake.lines()) {
      for (const line of lines) if (intake.wants(line)) examination.add(line)
    }
  } finally {
    intake.end()
  }
  tellDamages(io, intake)
  const findings = examination.findings()
  const { lines } = examination
  const json = () => `${JSON.stringify({ lines, findings })}\n`
  await print(io, flags.json === true ? json() : report(findings, lines, screenFor(io, flags).paint))
  const hasProblems = findings.some(({ severity }) => severity === 'problem')
  return statusOf(io, hasProblems ? ExitStatus.found : ExitStatus.ok)
}
