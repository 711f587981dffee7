import { constants } from 'node:os'
import { processWide } from '../process-wide.js'

/** Something that has lines to save when the process ends. */
export interface Drainable {
  /** Where its lines go, as it was given. */
  readonly destination: { readonly target?: object }
  /** @param isLast Nothing runs after it: what is in flight will not end. */
  flushSync(isLast: boolean): void
  /**
   * Writes the crash as FATAL, with what the operations in flight hold.
   *
   * @param isLogged Another logger has written the FATAL line to the same place.
   */
  crashed(error: unknown, origin: string, isLogged: boolean): void
}

interface ProcessState {
  /** Weak, so that an unreferenced logger can be collected; one with lines in memory is referenced by its own timer. */
  readonly drainables: Set<WeakRef<Drainable>>
  /** Loggers that were closed. A crash is logged by one of them where no other logger is left. */
  readonly closed: Set<WeakRef<Drainable>>
  isInstalled: boolean
  /**
   * Whether what is not written at once may never be: on the event `exit`, while a signal or an exception ends the process,
   * and while the application's own handlers of one run, which may end it in any way.
   */
  isEnding: boolean
}

/** Read by the hot path without a call. */
export const processState = processWide<ProcessState>('exit', 2, () => ({
  drainables: new Set(),
  closed: new Set(),
  isInstalled: false,
  isEnding: false,
}))

/** A destination that is referenced keeps the logger that writes it out, where it cannot do that by itself. */
const writersOut = new WeakMap<object, Drainable>()

/**
 * The signals that end a process by default and that a supervisor, a terminal, a timer or a limit sends. Not SIGUSR1 (Node's
 * debugger), SIGPROF (V8's profiler), SIGPIPE (ignored by Node), nor those of a fault, which no code survives.
 */
const SIGNALS = (
  ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGXCPU', 'SIGIO', 'SIGPWR'] as const
).filter((signal) => signal in constants.signals)
type Signal = (typeof SIGNALS)[number]

/**
 * Has a logger's lines written out whatever way the process ends that lets any code run.
 *
 * @returns what ends that, for a logger that is closed.
 */
export function drainOnExit(drainable: Drainable): () => void {
  const reference = new WeakRef(drainable)
  processState.drainables.add(reference)
  // Removes those that were collected, now and then.
  if (processState.drainables.size % 256 === 0) alive(processState.drainables)
  writersOut.set(drainable.destination, drainable)
  if (!processState.isInstalled) install()
  return () => {
    processState.drainables.delete(reference)
    processState.closed.add(reference)
    if (processState.closed.size % 256 === 0) alive(processState.closed)
  }
}

/** Whether what is not written at once may never be, since the process may be about to end. */
export function isEnding(): boolean {
  return processState.isEnding
}

function install(): void {
  processState.isInstalled = true
  process.on('uncaughtExceptionMonitor', onCrash)
  process.on('newListener', onNewListener)
  process.on('removeListener', onRemovedListener)
  for (const event of kept.keys()) settle(event)
}

function alive(references: Set<WeakRef<Drainable>>): Drainable[] {
  const found: Drainable[] = []
  for (const reference of references) {
    const drainable = reference.deref()
    if (drainable === undefined) references.delete(reference)
    else found.push(drainable)
  }
  return found
}

function drainAll(isLast: boolean): void {
  for (const drainable of alive(processState.drainables)) drainable.flushSync(isLast)
}

function onExit(): void {
  processState.isEnding = true
  drainAll(true)
}

/**
 * Runs before the process dies of an exception, or before the application's own handler, whose business the exception then
 * is: it may survive, and says in the log what it likes. A rejection that nobody handles arrives here too.
 */
function onCrash(error: unknown, origin: string): void {
  const isHandled = process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()
  endForNow()
  if (!isHandled) logCrash(error, origin)
  drainAll(!isHandled)
}

/** What runs next may end the process, or not: a handler of the application's, a signal that process 1 of a container ignores. */
function endForNow(): void {
  processState.isEnding = true
  process.nextTick(() => {
    processState.isEnding = false
  })
}

/** Once for each place that lines go to, however many loggers write there; by a closed logger only where no other is left. */
function logCrash(error: unknown, origin: string): void {
  const logged = new Set<object>()
  const open = alive(processState.drainables)
  for (const drainable of open.length > 0 ? open : alive(processState.closed).slice(-1)) {
    const target = drainable.destination.target ?? drainable.destination
    drainable.crashed(error, origin, logged.has(target))
    logged.add(target)
  }
}

/**
 * A signal without a listener of the application's: write out, and die of the same signal, so that the parent sees the exit status
 * that it would have seen. With such a listener, which decides when to end, only write out: `file({ reopenOn })` and
 * `watchLevel({ signal })` listen like an application.
 *
 * Ours is off the list while the others run: libraries of the same kind (signal-exit) let the process die when they find
 * no listener but their own.
 */
function onSignal(signal: Signal): void {
  settling = true
  process.off(signal, kept.get(signal) as () => void)
  settling = false
  process.nextTick(settle, signal)
  const isLast = process.listenerCount(signal) === 0
  endForNow()
  drainAll(isLast)
  // Process 1 of a container, for which the system ignores a signal without a listener, lives on.
  if (isLast) process.kill(process.pid, signal)
}

/**
 * Our listeners. That of `exit` is kept the last, so that what the others log is in; those of the signals the first, because
 * a `once` listener is off the list when the next one runs, and would look like none.
 */
const kept = new Map<string | symbol, () => void>([
  ['exit', onExit],
  ...SIGNALS.map((signal) => [signal, () => onSignal(signal)] as const),
])

let settling = false
/** Events whose listener was removed in this turn by somebody else, and put back at once. */
const putBack = new Set<string | symbol>()

/** Our listener gets its place among the others before the event loop goes on. */
function onNewListener(event: string | symbol): void {
  if (kept.has(event) && !settling) process.nextTick(settle, event)
}

/**
 * A program that removes all listeners of `exit` or of a signal may end in the same turn: ours is put back at once. Once a turn,
 * for a program that removes listeners until there are none.
 */
function onRemovedListener(event: string | symbol, removed: unknown): void {
  if (!kept.has(event) || settling) return
  process.nextTick(settle, event)
  if (removed !== kept.get(event) || putBack.has(event)) return
  putBack.add(event)
  settle(event)
}

function settle(event: string | symbol): void {
  const listener = kept.get(event) as () => void
  const listeners = process.listeners(event as 'exit') as unknown[]
  if (listeners.at(event === 'exit' ? -1 : 0) === listener) return
  settling = true
  process.off(event, listener)
  if (event === 'exit') process.on(event, listener)
  else process.prependListener(event as Signal, listener)
  settling = false
}
