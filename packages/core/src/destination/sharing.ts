import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { isMainThread } from 'node:worker_threads'

/** Where Node tells of every child process that is started. */
const CHILDREN = 'child_process'

/**
 * Calls back once others may write to this process's standard streams: its parent and siblings (a cluster's worker, a
 * forked process), its worker threads, its children.
 */
export function whenShared(onShared: () => void): void {
  if (!isMainThread || process.channel !== undefined) {
    onShared()
    return
  }
  const once = (): void => {
    process.off('worker', once)
    unsubscribe(CHILDREN, once)
    onShared()
  }
  process.on('worker', once)
  subscribe(CHILDREN, once)
}
