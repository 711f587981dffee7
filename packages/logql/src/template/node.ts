import type { Value } from './value.js'

/** A part of a template. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | {
      readonly kind: 'if' | 'with' | 'range'
      readonly pipe: Pipe
      readonly then: readonly Node[]
      readonly otherwise: readonly Node[]
    }

/** `$x := .a | f`: commands, each of which gets the result of the one before as its last argument. */
export type Pipe = {
  readonly declares: readonly string[]
  /** Whether the variable is assigned (`=`), not declared (`:=`). */
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

export type Command = Positioned & { readonly arguments: readonly Argument[] }

/** Where a part stands in the template, and how Go writes it in messages. */
export type Positioned = { readonly at: number; readonly text: string }

export type Argument = Positioned &
  (
    | { readonly kind: 'constant'; readonly value: Value }
    | { readonly kind: 'nil' }
    | { readonly kind: 'dot' }
    | { readonly kind: 'field'; readonly path: readonly string[] }
    | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'pipe'; readonly pipe: Pipe }
    | { readonly kind: 'chain'; readonly of: Argument; readonly path: readonly string[] }
  )

/** A parsed template of `line_format` or `label_format`. */
export type Template = {
  /** `line` or `label`: how Loki names the template in its messages. */
  readonly name: string
  readonly text: string
  readonly nodes: readonly Node[]
  /** The labels that the template reads. */
  readonly fields: readonly string[]
  /** The label, where the template is that label alone: `{{.message}}`. */
  readonly onlyField: string | undefined
}

/** What a template runs on. */
export type TemplateInput = {
  readonly labels: Readonly<Record<string, string>>
  readonly line: string
  readonly time: bigint
}
