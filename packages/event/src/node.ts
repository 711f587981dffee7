import type { Classification } from 'throughline/internal'

/** The kinds of scalars that a place in a schema takes. Bits, since a place may take several. */
export const Scalar = { string: 1, number: 2, integer: 4, boolean: 8, null: 16 } as const

/**
 * What a place in a schema takes, whatever the schema's own words for it: some kinds of scalars, objects of one shape,
 * lists of one shape.
 */
export interface Node {
  readonly scalars: number
  readonly object: ObjectShape | undefined
  readonly list: ListShape | undefined
  readonly classification: Classification | undefined
  /** The values of a `const` or an `enum`, which tell shapes apart. */
  readonly constants: readonly unknown[] | undefined
}

/** The fields that an object may have; everything else in it is left out. */
export interface ObjectShape {
  readonly fields: readonly FieldNode[]
  /** Shapes that are told apart by the value of one field. */
  readonly variants?: { readonly key: string; readonly shapes: ReadonlyMap<unknown, ObjectShape> }
}

export interface FieldNode {
  readonly key: string
  readonly node: Node
  readonly isRequired: boolean
}

export interface ListShape {
  /** The items whose places have a meaning of their own (a tuple). */
  readonly first: readonly Node[]
  readonly rest: Node | undefined
}

/** A place of which nothing is known yet, and which takes nothing. */
export const NOTHING: Node = {
  scalars: 0,
  object: undefined,
  list: undefined,
  classification: undefined,
  constants: undefined,
}
