import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Linked, LinkedList } from './linked-list.js'

class Item implements Linked<Item> {
  earlier: Item | undefined
  later: Item | undefined
}

describe('LinkedList', () => {
  it('has the order and the size of a Set, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9))), (steps) => {
        const items = Array.from({ length: 10 }, () => new Item())
        const list = new LinkedList<Item>()
        const set = new Set<Item>()
        for (const [comes, at] of steps) {
          const item = items[at] as Item
          if (!comes) list.delete(item)
          else if (!set.has(item)) list.add(item)
          if (comes) set.add(item)
          else set.delete(item)
          // By their places, since items that are not linked are all alike.
          const places = (all: Iterable<Item>) => Array.from(all, (one) => items.indexOf(one))
          expect(places(list)).toEqual(places(set))
          expect(list.size).toBe(set.size)
        }
      }),
    )
  })

  it('lets the item at hand be taken out while its items are gone through', () => {
    const list = new LinkedList<Item>()
    const items = [new Item(), new Item(), new Item()]
    for (const item of items) list.add(item)
    const seen: Item[] = []
    for (const item of list) {
      seen.push(item)
      list.delete(item)
    }
    expect(seen.map((item) => items.indexOf(item))).toEqual([0, 1, 2])
    expect(list.size).toBe(0)
  })

  it('keeps nothing of an item that is gone', () => {
    const list = new LinkedList<Item>()
    const [first, second] = [new Item(), new Item()]
    list.add(first)
    list.add(second)
    list.delete(first)
    expect(first).toEqual(new Item())
    expect(second.earlier).toBeUndefined()
  })
})
