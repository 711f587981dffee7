import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Day } from './day.ts'

/** What a run of `throughline` said. */
export interface Told {
  readonly status: number
  readonly text: string
}

/** What is left of a day: what the customers noted, and the files, which `throughline` reads. */
export interface Evidence {
  readonly day: Day
  /** Runs the command as one would type it, and shows it with its output. */
  readonly read: (...args: readonly string[]) => Promise<Told>
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
      const told = await run(args)
      show(['throughline', ...args.map(quoted)].join(' '), told.text)
      return told
    },
    async stats(files) {
      return JSON.parse((await run(['stats', '--json', files])).text)
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

/** The command as it is installed, in a folder. */
function throughline(args: readonly string[], cwd: string, signal: AbortSignal): Promise<Told> {
  // PATH and nothing else of this environment: what is read back must have no colours.
  const env = { PATH: process.env.PATH, COLUMNS: String(COLUMNS) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, ...args], { cwd, env, signal, maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code
      // Where it ended by itself, its status is a part of what it says.
      if (typeof status === 'number') resolve({ status, text: stdout + stderr })
      else reject(error)
    })
  })
}
