/** Told of each secret part of a text: from `start` up to, not including, `end`. In any order, and they may overlap. */
export type Report = (start: number, end: number) => void

/**
 * Finds one kind of secret in text, in time that grows linearly with it: a log line must not be a way to stop a service
 * (`test/redos/check.ts` checks every pattern).
 */
export interface Detector {
  readonly name: DetectorName
  /** A pattern that every text with such a secret matches. All hints are tried in one go before any detector runs. */
  readonly hint: string
  find(text: string, report: Report): void
}

/**
 * Where something may begin: behind anything but a letter or digit, or behind an escape (`\n`, `\u0026`), whose letters are
 * none of the text's: JSON in a string has its newlines so.
 */
export const BEGINNING = '(?:(?<![A-Za-z0-9])|(?<=\\\\(?:[nrtbf]|u[0-9A-Fa-f]{4})))'

/** A pattern so many times. Written out it needs no counter, and hints with counters are five times slower. */
export function times(count: number, pattern: string): string {
  return pattern.repeat(count)
}

/** What `detect` accepts, in the order in which they are tried; where two overlap, the one that begins first counts. */
export const DETECTOR_NAMES = [
  'privateKey',
  'jwt',
  'credentials',
  'cloudKey',
  'url',
  'assignment',
  'creditCard',
  'iban',
  'email',
] as const

export type DetectorName = (typeof DETECTOR_NAMES)[number]

/**
 * Every match of a global pattern, from left to right. Not `matchAll`, which makes a new RegExp at each call and costs more
 * than most texts do. The visitor may return where to go on.
 */
export function eachMatch(pattern: RegExp, text: string, visit: (match: RegExpExecArray) => number | undefined): void {
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const from = pattern.lastIndex
    pattern.lastIndex = visit(match) ?? from
  }
}
