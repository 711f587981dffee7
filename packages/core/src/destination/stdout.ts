import { constants, fstatSync, openSync } from 'node:fs'
import { DescriptorDestination } from './descriptor.js'
import { checkPolicy, type Destination, type WritePolicy } from './destination.js'

export interface StdoutOptions {
  /** When lines reach the descriptor; `turn` by default. */
  readonly policy?: WritePolicy
  /** What may wait in memory while the reader takes nothing, in UTF-16 units; 16 MiB by default. */
  readonly maxQueuedBytes?: number
}

/** One writer for each stream and policy, so that two loggers of a process cannot reorder or tear each other's lines. */
const writers = new Map<string, DescriptorDestination>()

/**
 * Standard output: what containers collect.
 *
 * @throws TypeError for a policy that is none.
 */
export function stdout(options: StdoutOptions = {}): Destination {
  return standardStream(1, 'stdout', options)
}

/** Standard error, for programs whose standard output is their result (`LOG_DESTINATION=stderr`). */
export function stderr(options: StdoutOptions = {}): Destination {
  return standardStream(2, 'stderr', options)
}

function standardStream(fd: 1 | 2, name: string, options: StdoutOptions): Destination {
  const policy = checkPolicy(options.policy, `${name}({ policy })`)
  const key = JSON.stringify([fd, policy, options.maxQueuedBytes])
  const existing = writers.get(key)
  if (existing?.isOpen === true) return existing
  const created = new DescriptorDestination(ownDescription(fd), {
    policy,
    name,
    maxQueuedBytes: options.maxQueuedBytes,
    sharedPipe: isPipe(fd) && process.env.NODE_UNIQUE_ID !== undefined,
  })
  writers.set(key, created)
  return created
}

/**
 * A description of the same pipe that is ours alone, and does not block: a reader that stops must not stop the event loop,
 * and setting the flag on the inherited one would set it for every process that shares it. Only for pipes, and where
 * /proc lets us (Linux, same user); otherwise the descriptor as it is.
 */
function ownDescription(fd: number): number {
  if (!isPipe(fd) || process.platform !== 'linux') return fd
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return fd
  }
}

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO()
  } catch {
    return false
  }
}
