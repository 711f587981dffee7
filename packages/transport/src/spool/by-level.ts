import type { Entry } from '../entry.js'

/** Entries as segments hold them, those of each level together and in order. */
export function byLevel(entries: readonly Entry[]): ReadonlyMap<number, readonly Entry[]> {
  const lists = new Map<number, Entry[]>()
  for (const entry of entries) {
    const list = lists.get(entry.level)
    if (list === undefined) lists.set(entry.level, [entry])
    else list.push(entry)
  }
  return lists
}
