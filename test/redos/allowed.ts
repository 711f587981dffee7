/** A pattern that the checker does not call safe, or that it cannot see, and why it is. */
export interface Allowed {
  readonly file: string
  /** The pattern's source, or, of one that is made at run time, its expression. */
  readonly pattern: string
  /** Words of the same file that bound what the pattern is tried on: they have to stand there still. */
  readonly bound: string
  readonly reason: string
}

export const allowed: readonly Allowed[] = [
  {
    file: 'packages/cli/src/terminal/numbers.ts',
    pattern: '\\B(?=(\\d{3})+$)',
    bound: 'String(Math.round(count)).replace(',
    reason: 'of the second degree, and read in a number, which has 22 characters at most',
  },
  {
    file: 'packages/core/src/format/gcp.ts',
    pattern: '\\.?0+$',
    bound: '.toFixed(MOST_DIGITS).replace(',
    reason: 'of the second degree, and read in a number, which has 31 characters at most',
  },
  {
    file: 'packages/core/src/glob.ts',
    pattern: 'new RegExp(',
    bound: '[^/]*',
    reason:
      "what the application's author wrote: without repeats of repeats, of the degree of the stars in one segment, and read in one path, which Node bounds to 16 KiB",
  },
  {
    file: 'packages/cli/src/where/condition.ts',
    pattern: 'new RegExp(String(value))',
    bound: 'new RegExp(String(value))',
    reason: 'what the person at the terminal typed, for files of their own',
  },
  {
    file: 'packages/cli/src/where/parse.ts',
    pattern: 'new RegExp(String(value))',
    bound: 'new RegExp(String(value))',
    reason: 'the same, tried on nothing: only whether it is a pattern is asked',
  },
  {
    file: 'packages/cli/src/commands/pretty.ts',
    pattern: 'new RegExp(text)',
    bound: 'new RegExp(text)',
    reason: 'what the person at the terminal typed, for files of their own',
  },
  {
    file: 'packages/core/src/destination/rotation/rotated-files.ts',
    pattern: `new RegExp(
      String.raw\`^\${escaped}\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}Z\\.[0-9a-f]{6}(\\.gz|\\.zst)?$\`,
    )`,
    bound: 'this.base = basename(path)',
    reason: 'without repeats, and read in the name of a file, which has 255 bytes at most',
  },
  {
    file: 'packages/logql/src/template/printf.ts',
    pattern: '\\.?0+$',
    bound: 'value.toExponential(wanted - 1)',
    reason: 'of the second degree, and read in a number, which has some hundred characters at most',
  },
  {
    file: 'packages/logql/src/template/time.ts',
    pattern: '0+$',
    bound: 'fraction.slice(0, part.length - 1)',
    reason: 'of the second degree, and read in the nine digits of nanoseconds',
  },
  {
    file: 'packages/logql/src/template/time.ts',
    pattern: "new RegExp(`^${source}${escapeRegExp(layout.slice(from))}$`, 'i')",
    bound: 'escapeRegExp(layout.slice(from))',
    reason: 'the layout of the query: literal text and numbers of fixed length, without repeats of repeats',
  },
]

/** Files whose patterns are made at run time of parts of their own, and are checked as the logger uses them. */
export const seenInUse: readonly string[] = [
  'packages/core/src/redact/ambiguous.ts',
  'packages/core/src/redact/detect/assignment-beside.ts',
  'packages/core/src/redact/detect/assignment-key.ts',
  'packages/core/src/redact/detect/cloud-key.ts',
  'packages/core/src/redact/detect/detect.ts',
  'packages/core/src/redact/detect/encoded.ts',
  'packages/core/src/redact/detect/iban.ts',
]
