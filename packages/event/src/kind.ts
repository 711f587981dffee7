import { type Node, Scalar } from './node.js'

/** The one type that a field's value usually has. */
export const Kind = { text: 0, number: 1, boolean: 2, other: 3 } as const

export function kindOf({ scalars, object, list, classification }: Node): number {
  if (object !== undefined || list !== undefined || classification !== undefined) return Kind.other
  // What may be null too is asked for its other type first.
  const one = scalars & ~Scalar.null
  if (one === Scalar.string) return Kind.text
  if (one === Scalar.boolean) return Kind.boolean
  return one !== 0 && (one & ~(Scalar.number | Scalar.integer)) === 0 ? Kind.number : Kind.other
}
