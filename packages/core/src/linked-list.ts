/** What can stand in a list: in one at a time, which alone sets the two. */
export interface Linked<T> {
  earlier: T | undefined
  later: T | undefined
}

/**
 * Things in the order in which they came, of which any can go at once, linked through themselves.
 *
 * For what comes and goes with each request a `Set` is the wrong thing: now and then it makes itself a new table, and in V8
 * each old table points to the next. With the first that has grown old, all that stood in one outlives the young generation
 * (bench `fastify`: collecting it cost more than the rest of a request's lines).
 */
export class LinkedList<T extends Linked<T>> {
  /** How many there are. */
  size = 0
  private last: T | undefined

  /** The one that came first. */
  first: T | undefined

  add(item: T): void {
    const { last } = this
    item.earlier = last
    if (last === undefined) this.first = item
    else last.later = item
    this.last = item
    this.size++
  }

  /** Takes an item out; one that is not there stays out. */
  delete(item: T): void {
    const { earlier, later } = item
    if (earlier === undefined && this.first !== item) return
    if (earlier === undefined) this.first = later
    else earlier.later = later
    if (later === undefined) this.last = earlier
    else later.earlier = earlier
    item.earlier = undefined
    item.later = undefined
    this.size--
  }

  /** The items; the one at hand may be taken out. */
  *[Symbol.iterator](): Iterator<T> {
    let item = this.first
    while (item !== undefined) {
      const { later } = item
      yield item
      item = later
    }
  }
}
