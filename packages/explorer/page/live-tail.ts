import { openTail, type Stream } from './api.js'
import { type Row, rowsOf } from './rows.js'
import { nanoseconds } from './time-range.js'

/** So many lines are kept while they go by. */
export const MOST_LIVE = 2000

export interface LiveTail {
  close(): void
}

/** The page is drawn anew at most so often, whatever comes; a timer runs in a tab that is behind others too. */
const GATHER_MS = 50

/**
 * Lines as they come.
 *
 * @param onLines Gets new lines, the newest first.
 * @param onEnd Gets the reason when the server ends it.
 */
export function followLive(
  query: string,
  onLines: (rows: readonly Row[]) => void,
  onEnd: (reason: string) => void,
): LiveTail {
  let waiting: Stream[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const socket = openTail({ query, limit: 100, start: nanoseconds(Date.now() - 60_000) })
  socket.onmessage = ({ data }) => {
    const { streams } = JSON.parse(String(data)) as { readonly streams?: readonly Stream[] }
    waiting.push(...(streams ?? []))
    timer ??= setTimeout(() => {
      timer = undefined
      const streams = waiting
      waiting = []
      onLines(rowsOf(streams))
    }, GATHER_MS)
  }
  let isClosed = false
  socket.onclose = ({ reason }) => {
    if (!isClosed) onEnd(reason || 'the live tail has ended')
  }
  return {
    close() {
      isClosed = true
      clearTimeout(timer)
      socket.close()
    },
  }
}
