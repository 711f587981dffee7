import type { Engine, Labels, Row, Stream } from '@throughline/logql'

/** A line with its labels, as a Loki is sent it. */
export type LabelledLine = {
  readonly labels: Labels
  readonly metadata: Labels
  /** Nanoseconds since the epoch. */
  readonly ts: string
  readonly line: string
}

/** An engine that applies no condition and counts nothing, so that answers come from the pipeline alone. */
export function arrayEngine(lines: readonly LabelledLine[]): Engine {
  const streams = new Map<string, Stream>()
  const rows = lines.map(({ labels, metadata, ts, line }): Row => {
    const key = JSON.stringify(Object.entries(labels).sort())
    const stream = streams.get(key) ?? { id: streams.size, labels }
    streams.set(key, stream)
    return { time: BigInt(ts), stream: stream.id, metadata, line }
  })
  return {
    streams: async () => [...streams.values()],
    async *scan({ streams, start, end, direction }) {
      const sign = direction === 'forward' ? 1 : -1
      yield rows
        .map((row, index) => ({ row, index }))
        .filter(({ row }) => streams.includes(row.stream) && row.time >= start && row.time < end)
        .sort((a, b) => {
          if (a.row.time !== b.row.time) return a.row.time < b.row.time ? -sign : sign
          return streams.indexOf(a.row.stream) - streams.indexOf(b.row.stream) || sign * (a.index - b.index)
        })
        .map(({ row }) => row)
    },
  }
}
