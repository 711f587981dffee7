/** The largest few of many, in constant memory. */
export class Ranking<T> {
  private readonly entries: { readonly rank: number; readonly item: T }[] = []

  constructor(private readonly size: number) {}

  /** @param item Made only when it is among the largest so far. */
  add(rank: number, item: () => T): void {
    const last = this.entries.at(-1)
    if (this.entries.length >= this.size && last !== undefined && rank <= last.rank) return
    const at = this.entries.findIndex((entry) => entry.rank < rank)
    this.entries.splice(at === -1 ? this.entries.length : at, 0, { rank, item: item() })
    if (this.entries.length > this.size) this.entries.pop()
  }

  /** The largest first. */
  get items(): readonly T[] {
    return this.entries.map(({ item }) => item)
  }
}
