/**
 * One value for the whole process, even where two copies of this package are loaded (ESM beside CJS, or two versions in
 * one dependency tree): one context, one set of exit hooks, one set of live levels. The number in the key is the
 * version of the value's shape; a change of shape takes the next number.
 */
export function processWide<T>(name: string, shape: number, create: () => T): T {
  const key = Symbol.for(`throughline.${name}.${shape}`)
  const slots = globalThis as unknown as Record<symbol, T | undefined>
  const existing = slots[key]
  if (existing !== undefined) return existing
  const created = create()
  Object.defineProperty(globalThis, key, { value: created, enumerable: false, configurable: false, writable: false })
  return created
}
