import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import type { Finish } from './commands/command.js'
import { doctorCommand } from './commands/doctor.js'
import { exploreCommand } from './commands/explore.js'
import { prettyCommand } from './commands/pretty.js'
import { statsCommand } from './commands/stats.js'
import { traceCommand } from './commands/trace.js'
import { verifyCommand } from './commands/verify.js'
import { columnsOf, type Io } from './io.js'

const STATUSES = `
Exit statuses:
  0    done, and nothing to complain of; a reader that goes away early (| head) is no error
  1    trace: not found; verify: something is missing or torn; doctor: problems
  2    arguments that cannot be used, or files that cannot be read
  3    verify: no line is numbered, so nothing can be proven
  130  interrupted with Ctrl-C

"throughline <command> --help" has each command's flags and examples.`

/**
 * All commands.
 *
 * @param tell Takes what `--help` and `--version` say.
 */
export function programFor(io: Io, finish: Finish, tell: (text: string) => void): Command {
  const program = new Command('throughline')
    .description(
      'Reads structured logs: files, standard input or a Loki, in any format and whatever stands around the lines.',
    )
    .version(manifest.version)
    .addHelpText('after', STATUSES)
    .addCommand(prettyCommand(io, finish), { isDefault: true })
  for (const make of [traceCommand, statsCommand, verifyCommand, doctorCommand, exploreCommand])
    program.addCommand(make(io, finish))
  for (const each of [program, ...program.commands]) {
    each.exitOverride().configureOutput({
      writeOut: tell,
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(100, columnsOf(io)),
      getErrHelpWidth: () => Math.min(100, columnsOf(io)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  }
  return program
}
