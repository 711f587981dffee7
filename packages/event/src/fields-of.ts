/**
 * The type of the fields that a schema describes: zod's and TypeBox's own where the schema carries it, else read from the
 * JSON Schema's literal type.
 */
export type FieldsOf<S> = S extends {
  readonly '~standard': { readonly types?: { readonly input: infer I } | undefined }
}
  ? AsObject<I>
  : S extends { readonly static: infer T }
    ? AsObject<T>
    : AsObject<ValueOf<S>>

type AsObject<T> = T extends object ? T : object

/** What a schema takes; `unknown` where its type does not say. */
type ValueOf<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly anyOf: readonly (infer U)[] }
      ? ValueOf<U>
      : S extends { readonly oneOf: readonly (infer U)[] }
        ? ValueOf<U>
        : S extends { readonly allOf: infer A extends readonly unknown[] }
          ? All<A>
          : S extends { readonly type: infer T }
            ? OfType<T, S> | (S extends { readonly nullable: true } ? null : never)
            : S extends { readonly properties: unknown }
              ? ObjectOf<S>
              : unknown

type All<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? ValueOf<First> & All<Rest>
  : unknown

type OfType<T, S> = T extends readonly (infer U)[]
  ? OfType<U, S>
  : T extends 'string'
    ? string
    : T extends 'number' | 'integer'
      ? number
      : T extends 'boolean'
        ? boolean
        : T extends 'null'
          ? null
          : T extends 'Date'
            ? Date
            : T extends 'array'
              ? ListOf<S>
              : T extends 'object'
                ? ObjectOf<S>
                : unknown

type ListOf<S> = S extends { readonly prefixItems: infer P extends readonly unknown[] }
  ? TupleOf<P>
  : S extends { readonly items: infer P extends readonly unknown[] }
    ? TupleOf<P>
    : S extends { readonly items: infer I }
      ? readonly ValueOf<I>[]
      : readonly unknown[]

type TupleOf<P extends readonly unknown[]> = { readonly [K in keyof P]: ValueOf<P[K]> }

type ObjectOf<S> = S extends { readonly properties: infer P } ? Merged<RequiredOf<P, RequiredKeys<S>>, P> : object

type RequiredKeys<S> = S extends { readonly required: readonly (infer R)[] } ? R : never

type RequiredOf<P, R> = { readonly [K in keyof P as K extends R ? K : never]: ValueOf<P[K]> }

type Merged<Required, P> = Flat<
  Required & { readonly [K in keyof P as K extends keyof Required ? never : K]?: ValueOf<P[K]> | undefined }
>

type Flat<T> = { readonly [K in keyof T]: T[K] }
