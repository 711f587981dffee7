/** Returns its argument, so that a class field of a subclass is defined on that object. */
const Target = function Target(target: object): object {
  return target
} as unknown as new (
  target: object,
) => object

/**
 * Turns a class's methods into getters that return the method bound to its object, so that `promise.catch(log.error)` and
 * `const { info } = log` work. The first read defines the bound method on the object itself.
 *
 * The definition is a class field: V8 keeps the shape of the object in an inline cache for it, where `Object.defineProperty`
 * costs ten times as much. Bound methods made in the constructor cost a child four times its time (bench `child-creation`),
 * and a getter that looks the bound method up costs a disabled call three times its time (bench `disabled`).
 *
 * @param bind Makes the bound method of an object.
 */
export function defineBound<T extends object>(
  prototype: T,
  name: string,
  isOwn: (object: object) => object is T,
  bind: (object: T) => (...args: never[]) => unknown,
): void {
  class Definition extends Target {
    [name]: unknown

    constructor(target: object, bound: unknown) {
      super(target)
      this[name] = bound
    }
  }
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: object) {
      let owner = this
      // `Object.create(log)` uses the logger that it inherits from.
      while (!isOwn(owner)) owner = Object.getPrototypeOf(owner) as object
      const bound = bind(owner)
      new Definition(owner, bound)
      return bound
    },
  })
}
