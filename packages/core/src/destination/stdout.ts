import { checkOptions } from '../check-options.js'
import type { Destination } from '../destination.js'
import { processWide } from '../process-wide.js'
import { DescriptorDestination } from './descriptor.js'
import { whenShared } from './shared-pipe.js'
import { type StandardStream, standardDescriptor } from './standard-descriptor.js'
import { checkPolicy, type WritePolicy } from './write-policy.js'
import { DescriptorWriter } from './writer.js'

/** The options of `stdout` and `stderr`. */
export interface StdoutOptions {
  /** When lines reach the descriptor; `turn` by default, `line` in a worker thread. */
  readonly policy?: WritePolicy
  /**
   * What may wait in memory while the reader takes nothing, in UTF-16 units; 16 MiB by default. All loggers on the stream
   * share what waits; the least of their bounds is kept.
   */
  readonly maxQueuedBytes?: number
}

/**
 * One writer for each stream, so that two loggers of a process, or two copies of this package in it, cannot reorder or tear
 * each other's lines.
 */
const writers = processWide('standard-streams', 2, () => new Map<StandardStream, DescriptorWriter>())

/**
 * Standard output: what containers collect.
 *
 * @throws TypeError for an option that cannot be used.
 */
export function stdout(options: StdoutOptions = {}): Destination {
  return standardStream('stdout', options)
}

/** Standard error, for programs whose standard output is their result (`LOG_DESTINATION=stderr`). */
export function stderr(options: StdoutOptions = {}): Destination {
  return standardStream('stderr', options)
}

function standardStream(name: StandardStream, options: StdoutOptions): Destination {
  const checked = checkOptions(name, options, ['policy', 'maxQueuedBytes'])
  const policy = checkPolicy(checked)
  const maxQueued = checked.number('maxQueuedBytes', undefined, { above: 0 })
  const writer = writers.get(name) ?? openWriter(name)
  writers.set(name, writer)
  writer.bound(maxQueued)
  return new DescriptorDestination(writer, policy)
}

function openWriter(name: StandardStream): DescriptorWriter {
  const { fd, isPipe } = standardDescriptor(name)
  const writer = new DescriptorWriter(fd, name)
  if (isPipe) whenShared(fd, () => writer.share())
  return writer
}
