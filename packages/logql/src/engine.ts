import type { Labels } from './labels.js'

/** A stream: the labels that Loki indexes. They answer `/labels` and can be selected in `{…}`. */
export type Stream = {
  /** Names the stream in `Row.stream`, `ScanRequest.streams` and `Count.stream`. */
  readonly id: number
  readonly labels: Labels
}

/** One stored line. */
export type Row = {
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  /** The `id` of the line's stream. */
  readonly stream: number
  /** Structured metadata: labels of the line that are no labels of its stream. */
  readonly metadata: Labels
  /** The line without its line break. */
  readonly line: string
}

/**
 * A condition on a stored line (before any stage of the query).
 *
 * - `contains`: the line contains `text`, byte for byte.
 * - `regexp`: a part of the line matches the RE2 expression `pattern`.
 * - `metadata`: the metadata `name` has this value; `''` means that the line has no such metadata.
 * - `field`: MAY only drop a line whose top-level JSON field `name` is known to be another text than `value`
 *   (a number in the very characters that the line has); any other line is kept.
 * - `number`: MAY only drop a line whose top-level JSON field `name` is known to be a JSON number for which
 *   `field op value` does not hold; any other line is kept.
 */
export type Condition =
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'regexp'; readonly pattern: string }
  | { readonly kind: 'metadata'; readonly name: string; readonly value: string }
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  | { readonly kind: 'number'; readonly name: string; readonly op: NumberOperator; readonly value: number }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }

/** How a number of a line is compared with one of the query. */
export type NumberOperator = '==' | '!=' | '>' | '>=' | '<' | '<='

/** What {@link Engine.scan} shall return. */
export type ScanRequest = {
  /** The ids of the streams, never empty, in the order of lines of the same time. */
  readonly streams: readonly number[]
  /** Nanoseconds since the epoch, inclusive. */
  readonly start: bigint
  /** Nanoseconds since the epoch, exclusive. */
  readonly end: bigint
  /** All of them hold for a line of interest. An engine may ignore any, and return more lines. */
  readonly where: readonly Condition[]
  /**
   * `forward`: by time, then by the position of the stream in `streams`, then as stored. `backward`: the latest time first, then by the
   * position of the stream, then the line that was stored last.
   */
  readonly direction: 'forward' | 'backward'
  /** How many rows the caller expects to need. It stops iterating when it has enough. `Infinity`: all of them. */
  readonly expected: number
  readonly signal?: AbortSignal | undefined
}

/** What {@link Engine.count} shall count: lines in buckets of time, per stream and metadata. */
export type CountRequest = {
  readonly streams: readonly number[]
  /** The upper bound of bucket 0, in nanoseconds since the epoch. Bucket k has the lines of (origin + (k-1)·width, origin + k·width]. */
  readonly origin: bigint
  /** The width of a bucket in nanoseconds. */
  readonly width: bigint
  /** The first bucket and the last. */
  readonly first: number
  readonly last: number
  /** Conditions that have to be applied exactly: only `contains`, `regexp`, `metadata`, `not`, `any`, `all`. */
  readonly where: readonly Condition[]
  /** The names of the metadata that separate counts; `all`: every name. */
  readonly metadata: readonly string[] | 'all'
  /** Whether `Count.bytes` is needed. */
  readonly bytes: boolean
  readonly signal?: AbortSignal | undefined
}

/** The lines of one bucket with the same stream and metadata. */
export type Count = {
  readonly bucket: number
  readonly stream: number
  readonly metadata: Labels
  readonly lines: number
  /** The sum of the lines' lengths in bytes of UTF-8; any number where the request needs none. */
  readonly bytes: number
}

/**
 * What a query runs on. An engine filters and counts; parsing of lines, windows, vector matching and everything else that
 * makes LogQL is done by this package, so that an answer never depends on how an engine reads a line.
 *
 * `scan` may return more than was asked for (each row is checked again), never less. `count` is exact or absent.
 */
export type Engine = {
  /** Returns every stream. It is asked at the start of each query: an engine that follows files may have new ones. */
  streams(): Promise<readonly Stream[]>
  /** Yields rows in batches, in the order that the request asks for. */
  scan(request: ScanRequest): AsyncIterable<readonly Row[]>
  /** Counts lines in buckets, or resolves to undefined where the engine cannot do so exactly; the rows are scanned then. */
  count?(request: CountRequest): Promise<readonly Count[] | undefined>
}
