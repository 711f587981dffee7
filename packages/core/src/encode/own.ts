/**
 * Whether the object itself has the property. Written out at each call, since a bundler makes a variable of a constant that
 * holds the function: V8 knows the function then only when it runs, and asks it for each key; known before, it asks nothing
 * where the keys are those of a plain object (bench `six`: 5 % of the line's instructions).
 */
export function hasOwn(owner: object, key: string): boolean {
  // biome-ignore lint/suspicious/noPrototypeBuiltins: `Object.hasOwn` is not known to V8's compiler
  return Object.prototype.hasOwnProperty.call(owner, key)
}
