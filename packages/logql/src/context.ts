import type { Engine, Stream } from './engine.js'
import type { Matcher } from './matcher.js'
import { matches } from './matcher.js'
import { streamHash } from './stream-order.js'

/** What an evaluation runs on. */
export type Context = {
  readonly engine: Engine
  readonly streams: readonly Stream[]
  readonly signal: AbortSignal | undefined
}

/** Asks an engine for its streams. */
export async function createContext(engine: Engine, signal: AbortSignal | undefined): Promise<Context> {
  return { engine, streams: await engine.streams(), signal }
}

/** Returns the streams that a selector selects, by their id, in the order that Loki gives lines of the same time. */
export function selectStreams({ streams }: Context, selector: readonly Matcher[]): ReadonlyMap<number, Stream> {
  const selected = streams
    .filter(({ labels }) => matches(selector, labels))
    .map((stream) => ({ stream, hash: streamHash(stream.labels) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
  return new Map(selected.map(({ stream }) => [stream.id, stream]))
}
