import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readlinkSync } from 'node:fs'
import { isMainThread, type Worker } from 'node:worker_threads'

/** Where Node tells of every child process that is started. */
const CHILDREN = 'child_process'

/** Threads that write nothing to what the others write to. */
const silent = new WeakSet<Worker>()

/** A thread of ours that writes no lines. Said in the turn in which it is created. */
export function writesNoLines(worker: Worker): void {
  silent.add(worker)
}

/**
 * Calls back once others may write to what one of this process's descriptors is of: a parent that has it too (a cluster's
 * primary, a shell script and what else it starts), its own worker threads and children.
 */
export function whenShared(fd: number, onShared: () => void): void {
  if (!isMainThread || process.channel !== undefined || isOfParent(fd)) {
    onShared()
    return
  }
  const once = (started: unknown): void => {
    if (silent.has(started as Worker)) return
    process.off('worker', once)
    unsubscribe(CHILDREN, once)
    onShared()
  }
  process.on('worker', once)
  subscribe(CHILDREN, once)
}

/** Whether the parent's standard output or error is the same pipe. Where /proc tells (Linux, the same user). */
function isOfParent(fd: number): boolean {
  try {
    const own = readlinkSync(`/proc/self/fd/${fd}`)
    return [1, 2].some((theirs) => readlinkSync(`/proc/${process.ppid}/fd/${theirs}`) === own)
  } catch {
    return false
  }
}
