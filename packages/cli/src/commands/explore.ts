import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import type { ExitStatus } from '../exit-status.js'
import type { Io } from '../io.js'
import { UserError } from '../user-error.js'
import type { Finish } from './command.js'

const PACKAGE = '@throughline/explorer'
const INSTALL = `npm install --save-dev ${PACKAGE}`

/** `throughline explore`: the explorer's own bin with the same arguments, since an engine and a page are no part of this package. */
export function exploreCommand(io: Io, finish: Finish): Command {
  return new Command('explore')
    .summary('search the logs in a browser, with LogQL')
    .description(
      `Opens a page that searches files, standard input or a Loki with LogQL. It is the package ${PACKAGE}, whose flags it takes: see --help.`,
    )
    .helpOption(false)
    .argument('[args...]')
    .allowUnknownOption()
    .action(async (_: readonly string[], __: unknown, command: Command) => finish(await explore(io, command.args)))
}

async function explore({ signal }: Io, args: readonly string[]): Promise<ExitStatus> {
  const child = spawn(process.execPath, [binOf(), ...args], { stdio: 'inherit' })
  // A terminal's Ctrl-C reaches both; what is sent to this process alone is passed on.
  const end = () => child.kill('SIGTERM')
  signal.addEventListener('abort', end)
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return (code ?? 130) as ExitStatus
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** The explorer's bin, as the project that the command runs in has it, or the one beside this package. */
function binOf(): string {
  const places = [pathToFileURL(join(process.cwd(), 'package.json')).href, import.meta.url]
  for (const place of places) {
    try {
      const manifest = createRequire(place).resolve(`${PACKAGE}/package.json`)
      return join(dirname(manifest), 'dist', 'bin.js')
    } catch {
      // The next place.
    }
  }
  throw new UserError(`explore is the package ${PACKAGE}, which is not installed; install it with: ${INSTALL}`)
}
