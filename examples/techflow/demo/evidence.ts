import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Day } from './day.ts'

/** A run of `throughline` that failed, with the command's own words. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}

/** What is left of a day: what the customers noted, and the files, which `throughline` reads. */
export interface Evidence {
  readonly day: Day
  /**
   * Runs the command as one would type it, and shows it with its output.
   *
   * @throws CommandFailed for any exit status but 0: the demo ends there.
   */
  readonly read: (...args: readonly string[]) => Promise<string>
  /** What `throughline stats --json` counts. */
  readonly stats: <Figures>(files: string) => Promise<Figures>
  /** Every file that lines went to. */
  readonly files: () => readonly { readonly name: string; readonly text: string }[]
}

/** @param show Where a command is shown, and what it wrote. */
export function evidenceIn(
  folder: string,
  show: (command: string, text: string) => void,
  signal: AbortSignal,
): Evidence {
  const run = (args: readonly string[]) => throughline(args, folder, signal)
  return {
    day: JSON.parse(readFileSync(join(folder, 'day.json'), 'utf8')) as Day,
    async read(...args) {
      const text = await run(args)
      show(nameOf(args), text)
      return text
    },
    async stats(files) {
      return JSON.parse(await run(['stats', '--json', files]))
    },
    files() {
      const names = ['collected.log', ...readdirSync(join(folder, 'logs')).map((name) => join('logs', name))]
      return names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
    },
  }
}

const COLUMNS = process.stdout.columns ?? 120
const MOST_BYTES = 64 * 1024 * 1024
const bin = join(dirname(fileURLToPath(import.meta.resolve('@throughline/cli'))), 'bin.js')

function quoted(argument: string): string {
  if (/^[\w,./=-]+$/.test(argument)) return argument
  return argument.includes("'") ? `"${argument}"` : `'${argument}'`
}

function nameOf(args: readonly string[]): string {
  return ['throughline', ...args.map(quoted)].join(' ')
}

/** The command as it is installed, in a folder. */
function throughline(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string> {
  // PATH and nothing else of this environment: what is read back must have no colours.
  const env = { PATH: process.env.PATH, COLUMNS: String(COLUMNS) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, ...args], { cwd, env, signal, maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
      const text = stdout + stderr
      if (error === null) resolve(text)
      else if (typeof error.code === 'number')
        reject(new CommandFailed(`$ ${nameOf(args)}\n${text}exit status ${error.code}`))
      else reject(error)
    })
  })
}
