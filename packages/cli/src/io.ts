import type { Readable, Writable } from 'node:stream'
import { isPipe } from './interrupt.js'

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
  /** Says that the command reads standard input to its end, also after a first Ctrl-C. */
  readonly readToEnd?: (() => void) | undefined
  /** Milliseconds since the epoch. */
  now(): number
}

/** The process's own. */
export function processIo(signal: AbortSignal = new AbortController().signal, readToEnd?: () => void): Io {
  const { stdin, stdout, stderr, env } = process
  return { stdin, stdout, stderr, env, signal, readToEnd, now: Date.now }
}

/** Columns where there is no terminal to ask: what terminals begin with. */
const USUAL_COLUMNS = 80
const LEAST_COLUMNS = 40

/** How wide the output may be: the terminal's width, or `COLUMNS`. */
export function columnsOf({ stdout, env }: Io): number {
  return knownColumns({ stdout, env }) ?? USUAL_COLUMNS
}

/** The terminal's width, or `COLUMNS`; `undefined` where the output is read by a program, or its width is unknown. */
export function knownColumns({ stdout, env }: Pick<Io, 'stdout' | 'env'>): number | undefined {
  const asked = Number.parseInt(env.COLUMNS ?? '', 10)
  const columns = stdout.columns ?? (asked > 0 ? asked : undefined)
  return columns === undefined ? undefined : Math.max(LEAST_COLUMNS, columns)
}

/** Whether the output goes to another program, which may well show it on the same terminal (`| less`). */
export function isPiped({ stdout: { fd } }: Io): boolean {
  return fd !== undefined && isPipe(fd)
}

/** By the conventions of no-color.org and force-color.org: `NO_COLOR` and `FORCE_COLOR`, when they are not empty. */
export function hasColors({ stdout, env }: Io, asked?: boolean): boolean {
  if (asked !== undefined) return asked
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '')
    return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return stdout.isTTY === true && env.TERM !== 'dumb'
}
