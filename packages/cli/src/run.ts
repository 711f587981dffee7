import { CommanderError } from 'commander'
import { print } from './commands/command.js'
import { ExitStatus } from './exit-status.js'
import { type Io, processIo } from './io.js'
import { ReaderGone } from './output.js'
import { programFor } from './program.js'
import { UserError } from './user-error.js'

/**
 * Runs the command as the bin does, and leaves the process alone: nothing exits, no signal is listened to.
 *
 * @param args What stands after the command's name: `['stats', '--json', 'api.log']`.
 * @param io The process's own streams and environment by default.
 * @returns the exit status.
 */
export async function run(args: readonly string[], io: Io = processIo()): Promise<ExitStatus> {
  try {
    return await finished(args, io)
  } catch (error) {
    if (io.signal.aborted) return ExitStatus.interrupted
    if (error instanceof ReaderGone) return ExitStatus.ok
    // Commander has told it already.
    if (error instanceof CommanderError) return ExitStatus.unusable
    if (!(error instanceof UserError)) throw error
    io.stderr.write(`throughline: ${error.message}\n`)
    return ExitStatus.unusable
  }
}

async function finished(args: readonly string[], io: Io): Promise<ExitStatus> {
  let status: ExitStatus = ExitStatus.ok
  let help = ''
  const program = programFor(
    io,
    (result) => {
      status = result
    },
    (text) => {
      help += text
    },
  )
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // Help was asked for, and is what commander ends with.
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error
    await print(io, help)
  }
  return status
}
