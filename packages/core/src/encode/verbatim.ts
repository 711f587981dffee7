/**
 * JSON text of the logger's own, written as it is: the counters of redaction have the names of secrets as their keys, and
 * numbers that are none.
 */
export class Verbatim {
  readonly json: string

  constructor(value: unknown) {
    this.json = JSON.stringify(value)
  }
}
