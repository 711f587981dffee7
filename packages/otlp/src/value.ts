/** A value of JSON: what a line is made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A name and its value. */
export type Attribute = readonly [key: string, value: Json]
