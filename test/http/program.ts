import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Line } from './rig.js'

/** What became of a program in a process of its own. */
export interface Ended {
  readonly code: number | null
  /** The lines of its standard output. */
  readonly records: readonly Line[]
  readonly stderr: string
}

/** Runs an ES module, given as text, to its end. It imports what this folder can. */
export async function spawnProgram(source: string, flags: readonly string[] = []): Promise<Ended> {
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', source], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  return { code, records: lines.map((line) => JSON.parse(line) as Line), stderr }
}
