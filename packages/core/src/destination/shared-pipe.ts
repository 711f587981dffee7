import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readlinkSync } from 'node:fs'
import { isMainThread, type Worker } from 'node:worker_threads'

/** Node's channel about each child process that is created. */
const CHILDREN = 'child_process'

/** Threads that write nothing to what the others write to. */
const silent = new WeakSet<Worker>()

/** Marks a thread of ours that writes no lines, in the turn in which it is created. */
export function writesNoLines(worker: Worker): void {
  silent.add(worker)
}

/**
 * Calls back once others may write to what one of this process's descriptors is of: a parent that has it too (a cluster's
 * primary, a shell script and what else it starts), its own worker threads, and children that inherit a standard stream.
 */
export function whenShared(fd: number, onShared: () => void): void {
  if (!isMainThread || process.channel !== undefined || isOfParent(fd)) {
    onShared()
    return
  }
  const share = (): void => {
    process.off('worker', onWorker)
    unsubscribe(CHILDREN, onChild)
    onShared()
  }
  const onWorker = (worker: Worker): void => {
    if (!silent.has(worker)) share()
  }
  const onChild = (message: unknown): void => {
    // Its streams are there once `spawn` has returned, which is before it writes anything.
    process.nextTick(() => {
      const { stdout, stderr } = (message as { readonly process: ChildProcess }).process
      if (stdout == null || stderr == null) share()
    })
  }
  process.on('worker', onWorker)
  subscribe(CHILDREN, onChild)
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
