/** What the encoder knows of the line that it is writing. One object, so that a line within a line has its own. */
export class LineState {
  /** True while something is being encoded: a getter or a `toJSON` in it may log a line of its own. */
  busy = false
  /** True when something of the line was left out because it could not have fitted. */
  overflowed = false
  /** Entries of objects and lists so far. */
  nodes = 0
  /** UTF-16 units of long texts so far. */
  weight = 0
  /** The objects that the walk is in: the first `entered` of `ancestors`. */
  entered = 0
  readonly ancestors: object[] = []
  /** Names of the call's fields that something bound may have too. */
  taken: string[] | undefined
  /** Fields of the call that stand outside the object which holds the others. */
  outside = ''
  /** The object that the format has for some of the call's fields, without its closing brace. */
  group = ''
  /** Whether this call gets that object; `undefined` until a field asks. */
  isGrouped: boolean | undefined
  /** Whether the text written last lacks its closing quote. */
  isOpen = false

  /** Before each line. */
  reset(): void {
    this.overflowed = false
    this.nodes = 0
    this.weight = 0
    this.taken = undefined
    this.outside = ''
    this.group = ''
    this.isGrouped = undefined
  }
}
