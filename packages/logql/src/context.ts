import type { Engine, Stream } from './engine.js'
import type { Matcher } from './matcher.js'
import { matches } from './matcher.js'

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

/** Returns the streams that a selector selects, by their id. */
export function selectStreams({ streams }: Context, selector: readonly Matcher[]): ReadonlyMap<number, Stream> {
  return new Map(streams.filter(({ labels }) => matches(selector, labels)).map((stream) => [stream.id, stream]))
}
