import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { resolve } from 'node:path'
import { checkOptions } from '../check-options.js'
import { processWide } from '../process-wide.js'
import { warnOnce } from '../warn.js'
import { type LevelChange, setLevel } from './live-levels.js'

/** How long a signal's change lasts: long enough to catch a fault, and nobody has to remember to take it back. */
const SIGNAL_FOR_MS = 10 * 60_000
/** A file is asked by its state, since a ConfigMap's file is a link to a link that is swapped, which notifies nobody. */
const FILE_INTERVAL_MS = 2_000

/** What `watchLevel` listens to. */
export interface WatchLevelOptions {
  /** A file with directives as in `LOG_LEVEL`; read when it changes. Empty or removed, it changes nothing any more. */
  readonly file?: string
  /**
   * A signal that sets every logger to `debug` for ten minutes, and when it comes again takes that back. `SIGUSR2`, say;
   * Node itself uses `SIGUSR1`.
   */
  readonly signal?: NodeJS.Signals
  /** Milliseconds between two looks at the file; 2,000 by default. */
  readonly intervalMs?: number
}

/**
 * Changes levels from outside while the service runs. `LOG_LEVEL_FILE` and `LOG_LEVEL_SIGNAL` do the same without code.
 *
 * @returns a function that stops watching; what was set stays.
 * @throws TypeError when neither is given, for an option that cannot be used, or for a signal that this platform does not have.
 */
export function watchLevel(options: WatchLevelOptions): () => void {
  const check = checkOptions('watchLevel', options, ['file', 'signal', 'intervalMs'])
  const file = check.string('file', "a file's path")
  const signal = check.string('signal', "a signal's name, such as SIGUSR2") as NodeJS.Signals | undefined
  const intervalMs = check.number('intervalMs', FILE_INTERVAL_MS, { above: 0 })
  if (file === undefined && signal === undefined) {
    throw new TypeError('watchLevel: accepted: { file }, { signal }, or both')
  }
  const stopSignal = signal === undefined ? undefined : watchSignal(signal)
  const stopFile = file === undefined ? undefined : watchPath(resolve(file), intervalMs)
  return () => {
    stopSignal?.()
    stopFile?.()
  }
}

function watchSignal(signal: NodeJS.Signals): () => void {
  let until = 0
  let change: LevelChange | undefined
  const onSignal = () => {
    if (change !== undefined && Date.now() < until) {
      change.undo()
      change = undefined
    } else {
      until = Date.now() + SIGNAL_FOR_MS
      change = setLevel('debug', { forMs: SIGNAL_FOR_MS })
    }
  }
  try {
    process.on(signal, onSignal)
  } catch {
    throw new TypeError(
      `watchLevel({ signal }): "${signal}" cannot be listened to here; accepted: SIGUSR2, SIGHUP and the like`,
    )
  }
  return () => process.off(signal, onSignal)
}

function watchPath(path: string, intervalMs: number): () => void {
  let change: LevelChange | undefined
  const read = () => {
    change?.undo()
    change = undefined
    const text = contentOf(path)
    if (text !== '') change = setLevel(text)
  }
  watchFile(path, { interval: intervalMs, persistent: false }, read)
  read()
  return () => unwatchFile(path, read)
}

/** Directives may stand on lines of their own; what follows a `#` is a comment. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .filter((line) => line !== '')
      .join(',')
  } catch {
    // Not there (yet): that is a state, not a fault.
    return ''
  }
}

/** What the environment asks to be watched, once in a process however many loggers it has. */
const watched = processWide('watched-levels', 1, () => new Set<string>())

export function watchFromEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  const { LOG_LEVEL_FILE: file, LOG_LEVEL_SIGNAL: signal } = env
  if (file !== undefined && file !== '' && once(`file ${file}`)) watchLevel({ file })
  if (signal === undefined || signal === '' || !once(`signal ${signal}`)) return
  try {
    watchLevel({ signal: signal as NodeJS.Signals })
  } catch {
    warnOnce(
      `LOG_LEVEL_SIGNAL: "${signal.slice(0, 20)}" is no signal that can be listened to; accepted: SIGUSR2 and the like`,
    )
  }
}

function once(what: string): boolean {
  if (watched.has(what)) return false
  watched.add(what)
  return true
}
