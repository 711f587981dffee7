import type { Engine, Labels, Row, Stream } from '@throughline/logql'

/** A line with its labels. */
export type LabelledLine = {
  readonly labels: Labels
  readonly metadata: Labels
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  readonly line: string
}

/** Gives each set of labels a number. */
export function streamsOf(lines: readonly LabelledLine[]): ReadonlyMap<string, Stream> {
  const streams = new Map<string, Stream>()
  for (const { labels } of lines) {
    const key = JSON.stringify(labels)
    if (!streams.has(key)) streams.set(key, { id: streams.size + 1, labels })
  }
  return streams
}

/** An engine that applies no condition and counts nothing: the reference for one that does. */
export function arrayEngine(lines: readonly LabelledLine[]): Engine {
  const streams = streamsOf(lines)
  const rows = lines.map(({ labels, metadata, time, line }): Row => {
    return { time, stream: streams.get(JSON.stringify(labels))?.id ?? 0, metadata, line }
  })
  return {
    streams: async () => [...streams.values()],
    async *scan({ streams: selected, start, end, direction }) {
      const sign = direction === 'forward' ? 1 : -1
      yield rows
        .map((row, index) => ({ row, index }))
        .filter(({ row }) => selected.includes(row.stream) && row.time >= start && row.time < end)
        .sort((a, b) => {
          if (a.row.time !== b.row.time) return a.row.time < b.row.time ? -sign : sign
          return selected.indexOf(a.row.stream) - selected.indexOf(b.row.stream) || sign * (a.index - b.index)
        })
        .map(({ row }) => row)
    },
  }
}
