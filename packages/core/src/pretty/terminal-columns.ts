import { openSync } from 'node:fs'
import { WriteStream } from 'node:tty'

/** How long a width holds: windows are made wider while a service runs. */
const FRESH_MS = 1000

/**
 * The width of the process's terminal, asked for again after a second; `undefined` where it cannot be had, as on Windows. Asked
 * of a stream of its own: `process.stdout` would open one on the descriptor that lines are written to and change how it blocks.
 */
export function terminalColumns(): () => number | undefined {
  let columns: number | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - askedAt < FRESH_MS) return columns
    askedAt = now
    columns = measured()
    return columns
  }
}

function measured(): number | undefined {
  try {
    const terminal = new WriteStream(openSync('/dev/tty', 'r+'))
    const [columns] = terminal.getWindowSize()
    // The stream closes the descriptor.
    terminal.destroy()
    return columns > 0 ? columns : undefined
  } catch {
    return undefined
  }
}
