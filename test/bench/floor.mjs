import { openSync, writeSync } from 'node:fs'

const PLAIN = '{"timestamp":"2026-11-22T20:56:34.793Z","level":"INFO","service":"api","message":"hello world"}\n'

/** The machine's own limit: a plain line's bytes as a constant string, appended and written so many at a time, and the clock. */
export const floor =
  (bytes) =>
  ({ path }) => {
    const fd = openSync(path, 'a')
    let pending = ''
    return () => {
      Date.now()
      pending += PLAIN
      if (pending.length < bytes) return
      writeSync(fd, pending)
      pending = ''
    }
  }
