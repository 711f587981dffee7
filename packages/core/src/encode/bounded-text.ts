/**
 * A text of which a line shows the beginning: redacted first and cut then, so that no half of a secret is left at the cut.
 */
export class BoundedText {
  /** @param length How many characters are shown. */
  constructor(
    readonly text: string,
    readonly length: number,
  ) {}
}
