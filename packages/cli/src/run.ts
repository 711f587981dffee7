import { CommanderError } from 'commander'
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
  let status: ExitStatus = ExitStatus.ok
  const program = programFor(io, (result) => {
    status = result
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    if (io.signal.aborted) return ExitStatus.interrupted
    if (error instanceof ReaderGone) return ExitStatus.ok
    // Commander has told it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitStatus.ok : ExitStatus.unusable
    if (!(error instanceof UserError)) throw error
    io.stderr.write(`throughline: ${error.message}\n`)
    return ExitStatus.unusable
  }
}
