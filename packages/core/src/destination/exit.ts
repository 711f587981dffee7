import { processWide } from '../process-wide.js'

/** Something that has lines to save when the process ends. */
export interface Drainable {
  /** Where its lines go, as it was given. */
  readonly destination: { readonly sink?: object }
  /** @param isLast Nothing runs after it: what is in flight will not end. */
  flushSync(isLast: boolean): void
  /**
   * Writes the crash as FATAL, with what the operations in flight hold.
   *
   * @param isTold Another has written the FATAL line to the same place.
   */
  crashed(error: unknown, origin: string, isTold: boolean): void
}

interface ExitHooks {
  /** Weak, so that a logger that nobody has any more is not kept; one with lines in memory is held by its own timer. */
  readonly drainables: Set<WeakRef<Drainable>>
  installed: boolean
  /** This may be the last turn of the event loop: what is not written in it may never be. */
  ending: boolean
}

const hooks = processWide<ExitHooks>('exit', 1, () => ({ drainables: new Set(), installed: false, ending: false }))

/** A destination that somebody still has keeps the logger that writes it out, where it cannot do that by itself. */
const writersOut = new WeakMap<object, Drainable>()

/** The signals whose default is to end the process, and that a service is sent. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/**
 * Has a logger's lines written out whatever way the process ends that lets any code run.
 *
 * @returns what ends that.
 */
export function drainOnExit(drainable: Drainable): () => void {
  const reference = new WeakRef(drainable)
  hooks.drainables.add(reference)
  // Forgets those that are gone, now and then.
  if (hooks.drainables.size % 256 === 0) alive()
  writersOut.set(drainable.destination, drainable)
  if (!hooks.installed) install()
  return () => hooks.drainables.delete(reference)
}

/**
 * Whether what is not written at once may never be: on the event `exit`, while a signal or an exception ends the process,
 * and while the application's own handlers of one run, which may end it in any way.
 */
export function isEnding(): boolean {
  return hooks.ending
}

function install(): void {
  hooks.installed = true
  process.on('uncaughtExceptionMonitor', onCrash)
  process.on('newListener', onChange)
  process.on('removeListener', onChange)
  for (const event of kept.keys()) settle(event)
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

function onExit(): void {
  hooks.ending = true
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
  hooks.ending = true
  process.nextTick(() => {
    hooks.ending = false
  })
}

/** Once for each place that lines go to, however many loggers write there. */
function logCrash(error: unknown, origin: string): void {
  const told = new Set<object>()
  for (const drainable of alive()) {
    const sink = drainable.destination.sink ?? drainable.destination
    drainable.crashed(error, origin, told.has(sink))
    told.add(sink)
  }
}

/**
 * A signal that only we handle: write out, and die of the same signal, so that the parent sees what it would have seen.
 * With a handler of the application's, which decides when to end, only write out.
 *
 * Ours is off the list while the others run: libraries of the same kind (signal-exit) let the process die when they find
 * no handler but their own. `onChange` puts it back.
 */
function onSignal(signal: Signal): void {
  process.off(signal, kept.get(signal) as () => void)
  const isLast = process.listenerCount(signal) === 0
  endForNow()
  drainAll(isLast)
  // Process 1 of a container, for which the system ignores what has no handler, lives on.
  if (isLast) process.kill(process.pid, signal)
}

/**
 * Our listeners. That of `exit` is kept the last, so that what the others log is in; those of the signals the first, because
 * a `once` handler is gone from the list when the next one runs, and would look like none.
 */
const kept = new Map<string | symbol, () => void>([
  ['exit', onExit],
  ...SIGNALS.map((signal) => [signal, () => onSignal(signal)] as const),
])

/** Whoever comes and goes, our listener is put back in its place before the event loop goes on. */
function onChange(event: string | symbol, changed: unknown): void {
  const isOurs = kept.get(event) === changed
  if (kept.has(event) && !(isOurs && settling)) process.nextTick(settle, event)
}

let settling = false

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
