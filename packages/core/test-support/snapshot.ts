import { types } from 'node:util'

/** What can be seen of values without calling anything of theirs: every property, entry and byte, by identity. */
export type Snapshot = ReadonlyMap<object, readonly unknown[]>

/** Larger ones are looked at by their length and ends. */
const MOST_ENTRIES = 2000

export function snapshotOf(values: readonly unknown[]): Snapshot {
  const seen = new Map<object, readonly unknown[]>()
  const open: unknown[] = [...values]
  while (open.length > 0) {
    const value = open.pop()
    // What a proxy has is whatever its traps say; its target is held by it alone.
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || types.isProxy(value)) continue
    if (seen.has(value)) continue
    const facts = factsOf(value)
    seen.set(value, facts)
    for (const fact of facts) open.push(fact)
  }
  return seen
}

/** Whether everything that a snapshot saw is still as it was. */
export function isUnchanged(snapshot: Snapshot): boolean {
  for (const [value, before] of snapshot) {
    const now = factsOf(value)
    if (now.length !== before.length || now.some((fact, i) => !Object.is(fact, before[i]))) return false
  }
  return true
}

function factsOf(value: object): unknown[] {
  const facts: unknown[] = [Object.isExtensible(value), Object.getPrototypeOf(value)]
  const isHuge = (Array.isArray(value) || ArrayBuffer.isView(value)) && lengthOf(value) > MOST_ENTRIES
  const keys = isHuge ? ['length', '0', String(lengthOf(value) - 1)] : Reflect.ownKeys(value)
  for (const key of keys.slice(0, MOST_ENTRIES)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    facts.push(key, descriptor?.value, descriptor?.get, descriptor?.set, descriptor?.enumerable, descriptor?.writable)
  }
  if (types.isMap(value)) Map.prototype.forEach.call(value, (entry, key) => facts.push(key, entry))
  if (types.isSet(value)) Set.prototype.forEach.call(value, (entry) => facts.push(entry))
  if (types.isDate(value)) facts.push(Date.prototype.getTime.call(value))
  return facts
}

function lengthOf(value: unknown): number {
  return (value as { length?: number }).length ?? 0
}
