/** Where something was seen first. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** Something that a log store will choke on, or that is good to know before its labels are chosen. */
export interface Finding {
  /** The check's name, as in docs/reference/cli.md. */
  readonly check: string
  /** `problem` makes the exit status 1. */
  readonly severity: 'problem' | 'advice'
  /** One sentence; never a secret's value. */
  readonly text: string
  readonly count: number
  readonly place: Place | undefined
}
