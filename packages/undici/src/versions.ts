import * as undici6 from 'undici-6'
import * as undici7 from 'undici-7'
import * as undici8 from 'undici-8'

/** The versions that the tests try side by side. What is used of them has one type. */
export type Undici = typeof undici7

export const versions = [
  { version: 6, undici: undici6 as unknown as Undici },
  { version: 7, undici: undici7 },
  { version: 8, undici: undici8 as unknown as Undici },
] as const
