import { constants, fstatSync, openSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { processWide } from '../process-wide.js'

/** What a standard stream is written to. */
export interface StandardDescriptor {
  readonly fd: number
  /** A pipe or a socket: it has a reader, who may be slow, and perhaps other writers. */
  readonly isPipe: boolean
}

export const STANDARD_STREAMS = { stdout: 1, stderr: 2 } as const
export type StandardStream = keyof typeof STANDARD_STREAMS

const known = processWide('standard-descriptors', 1, () => new Map<StandardStream, StandardDescriptor>())

/** The descriptor to write to a standard stream by, one that does not block where the system lets us. */
export function standardDescriptor(name: StandardStream): StandardDescriptor {
  const found = known.get(name) ?? find(name)
  known.set(name, found)
  return found
}

function find(name: StandardStream): StandardDescriptor {
  const fd = STANDARD_STREAMS[name]
  const kind = kindOf(fd)
  if (kind === 'other') return { fd, isPipe: false }
  return { fd: (kind === 'pipe' ? ownDescription(fd) : undefined) ?? unblocked(name), isPipe: true }
}

/**
 * A description of the same pipe that is ours alone, and does not block: a reader that stops must not stop the event loop,
 * and setting the flag on the inherited one would set it for every process that shares it. Where /proc lets us (Linux,
 * the same user).
 */
function ownDescription(fd: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

/**
 * The descriptor itself, after Node has set it not to block, as it does for `console.log`: for sockets (a parent that is a
 * Node program, systemd's journal), which cannot be opened again. Only the main thread's streams are the descriptors.
 */
function unblocked(name: StandardStream): number {
  if (isMainThread) void process[name]
  return STANDARD_STREAMS[name]
}

function kindOf(fd: number): 'pipe' | 'socket' | 'other' {
  try {
    const stat = fstatSync(fd)
    return stat.isFIFO() ? 'pipe' : stat.isSocket() ? 'socket' : 'other'
  } catch {
    return 'other'
  }
}
