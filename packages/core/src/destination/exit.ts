import { processWide } from '../process-wide.js'

/** Something that has lines to save when the process ends. */
export interface Drainable {
  /** @param isLast Nothing runs after it: what is in flight will not end. */
  flushSync(isLast: boolean): void
  /** Writes the crash as FATAL, with what the operations in flight hold. */
  crashed(error: unknown, origin: string): void
}

interface ExitHooks {
  /** Weak, so that a logger that nobody has any more is not kept; one with lines in memory is held by its own timer. */
  readonly drainables: Set<WeakRef<Drainable>>
  installed: boolean
}

const hooks = processWide<ExitHooks>('exit', 1, () => ({ drainables: new Set(), installed: false }))

/** The signals whose default is to end the process, and that a service is sent. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Has a logger's lines written out whatever way the process ends that lets any code run. */
export function drainOnExit(drainable: Drainable): () => void {
  const reference = new WeakRef(drainable)
  hooks.drainables.add(reference)
  if (!hooks.installed) install()
  return () => hooks.drainables.delete(reference)
}

function install(): void {
  hooks.installed = true
  process.on('exit', () => drainAll(true))
  process.on('uncaughtExceptionMonitor', onCrash)
  for (const signal of SIGNALS) listenFirst(signal)
}

function alive(): Drainable[] {
  const found: Drainable[] = []
  for (const reference of hooks.drainables) {
    const drainable = reference.deref()
    if (drainable === undefined) hooks.drainables.delete(reference)
    else found.push(drainable)
  }
  return found
}

function drainAll(isLast: boolean): void {
  for (const drainable of alive()) drainable.flushSync(isLast)
}

/**
 * Runs before the process dies of an exception, or before the application's own handler, whose business the exception then
 * is: it may survive, and says in the log what it likes. A rejection that nobody handles arrives here too.
 */
function onCrash(error: unknown, origin: string): void {
  const isLast = process.listenerCount('uncaughtException') === 0
  if (isLast) for (const drainable of alive()) drainable.crashed(error, origin)
  drainAll(isLast)
}

/**
 * A signal with no handler but ours: write out, and die of the same signal, so that the parent sees what it would have
 * seen. With a handler of the application's, which decides when to end, only write out.
 *
 * Ours has to be the first: a `once` handler is gone from the list when the next one runs, and would look like none.
 */
function listenFirst(signal: (typeof SIGNALS)[number]): void {
  const onSignal = () => {
    const isLast = process.listenerCount(signal) === 1
    drainAll(isLast)
    if (!isLast) return
    process.off(signal, onSignal)
    process.kill(process.pid, signal)
  }
  process.prependListener(signal, onSignal)
  process.on('newListener', (event, listener) => {
    if (event !== signal || listener === onSignal) return
    process.nextTick(() => {
      if (process.listeners(signal)[0] === onSignal || !process.listeners(signal).includes(onSignal)) return
      process.off(signal, onSignal)
      process.prependListener(signal, onSignal)
    })
  })
}
