/** Lines and bytes by name. Above a maximum, new names are counted together, which bounds memory. */
export class Counter {
  private readonly counts = new Map<string, { lines: number; bytes: number }>()

  constructor(private readonly mostNames = 1000) {}

  add(name: string, bytes: number): void {
    const known = this.counts.get(name)
    if (known !== undefined) {
      known.lines++
      known.bytes += bytes
    } else if (this.counts.size < this.mostNames || name === 'other') this.counts.set(name, { lines: 1, bytes })
    else this.add('other', bytes)
  }

  /** Those with the most bytes first. */
  entries(): readonly { readonly name: string; readonly lines: number; readonly bytes: number }[] {
    return [...this.counts]
      .map(([name, count]) => ({ name, ...count }))
      .sort((a, b) => b.bytes - a.bytes || b.lines - a.lines)
  }
}
