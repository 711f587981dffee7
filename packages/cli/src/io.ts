import { fstatSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'

/** A stream that may be a terminal. */
export interface Screen extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly fd?: number
}

/** Everything of the process that the command touches, so that a program can run it too. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Screen
  readonly stderr: Screen
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  now(): number
}

/** The process's own. */
export function processIo(signal: AbortSignal = new AbortController().signal): Io {
  const { stdin, stdout, stderr, env } = process
  return { stdin, stdout, stderr, env, signal, now: Date.now }
}

/** Columns where there is no terminal to ask: what terminals begin with. */
const USUAL_COLUMNS = 80
const LEAST_COLUMNS = 40

/** How wide the output may be: the terminal's width, or `COLUMNS`. */
export function columnsOf({ stdout, env }: Io): number {
  const asked = Number.parseInt(env.COLUMNS ?? '', 10)
  const columns = stdout.columns ?? (Number.isFinite(asked) && asked > 0 ? asked : USUAL_COLUMNS)
  return Math.max(LEAST_COLUMNS, columns)
}

/** Whether the output goes to another program, which may well show it on the same terminal (`| less`). */
export function isPiped({ stdout: { fd } }: Io): boolean {
  if (fd === undefined) return false
  const output = fstatSync(fd)
  return output.isFIFO() || output.isSocket()
}

/** By the conventions of no-color.org and force-color.org: `NO_COLOR` and `FORCE_COLOR`, when they are not empty. */
export function hasColors({ stdout, env }: Io, asked?: boolean): boolean {
  if (asked !== undefined) return asked
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '')
    return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return stdout.isTTY === true && env.TERM !== 'dumb'
}
