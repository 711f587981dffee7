/** A line that is not in the table. */
export interface Unreadable {
  readonly file: string
  readonly line: number
  readonly reason: string
}

/** Maximum unreadable lines that are named; the rest are counted. */
const MOST_NAMED = 100

/** What became of every line that was read: each is in the table, or counted as unreadable. */
export class Account {
  /** Lines, without empty ones. */
  read = 0
  /** Lines in the table. */
  stored = 0
  /** Of these: lines that are no JSON object. */
  text = 0
  /** Of these: lines that begin as a JSON object and are none. */
  torn = 0
  /** Of these: lines that were longer than is kept. */
  cut = 0
  /** Of these: lines without a time of their own, which have the time of the line before them. */
  untimed = 0
  unreadable = 0
  readonly named: Unreadable[] = []
  /** Files that could be read only in part, and why. */
  readonly damages: { readonly file: string; readonly reason: string }[] = []
  /** Files that were not read to their end, since the limit was reached. */
  readonly unread: string[] = []

  addUnreadable(line: Unreadable): void {
    this.unreadable++
    if (this.named.length < MOST_NAMED) this.named.push(line)
  }
}
