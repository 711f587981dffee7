import type { Labels } from './labels.js'

/** A line of an answer: its time in nanoseconds since the epoch, its text, and with `categorizeLabels` where its labels come from. */
export type StreamValue = readonly [time: string, line: string, categories?: Categories]

/** The labels of a line that are none of its stream, by where they come from. */
export type Categories = { readonly structuredMetadata?: Labels; readonly parsed?: Labels }

/** Lines with the same labels. */
export type StreamResult = { readonly stream: Labels; readonly values: readonly StreamValue[] }

/** A value and its time in seconds since the epoch. */
export type Point = readonly [time: number, value: string]

/** The answer to a query: `data` of Loki's read API, without its statistics. */
export type QueryData =
  | {
      readonly resultType: 'streams'
      readonly result: readonly StreamResult[]
      readonly encodingFlags?: readonly string[]
    }
  | { readonly resultType: 'vector'; readonly result: readonly { readonly metric: Labels; readonly value: Point }[] }
  | {
      readonly resultType: 'matrix'
      readonly result: readonly { readonly metric: Labels; readonly values: readonly Point[] }[]
    }
  | { readonly resultType: 'scalar'; readonly result: Point }
