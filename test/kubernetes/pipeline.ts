import type { Block, Expression } from './alloy-syntax.js'

/** What a collector's stage does to a line; Alloy and Promtail have the same ones under other names. */
export type Stage =
  | { readonly kind: 'cri' }
  | { readonly kind: 'json' | 'labels' | 'metadata'; readonly names: Readonly<Record<string, string>> }
  | { readonly kind: 'timestamp'; readonly source: string; readonly format: string }
  | { readonly kind: 'template'; readonly source: string; readonly template: string }
  | { readonly kind: 'keep'; readonly names: readonly string[] }

export interface Shipped {
  readonly labels: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  readonly time: string | undefined
  readonly line: string
}

/**
 * Does to a line of a container's file what the stages do.
 *
 * @param labels What the relabelling has given the file.
 */
export function run(stages: readonly Stage[], raw: string, labels: Readonly<Record<string, string>>): Shipped {
  const state = { labels: { ...labels }, metadata: {}, time: undefined, line: raw } as Writable<Shipped>
  const extracted: Record<string, string> = {}
  for (const stage of stages) apply(stage, state, extracted)
  return state
}

type Writable<T> = { -readonly [K in keyof T]: Writable<T[K]> }

function apply(stage: Stage, state: Writable<Shipped>, extracted: Record<string, string>): void {
  if (stage.kind === 'cri') {
    const match = /^(\S+) (stdout|stderr) [FP] (.*)$/.exec(state.line)
    Object.assign(state, { time: match?.[1], line: match?.[3] ?? state.line })
    state.labels.stream = match?.[2] ?? ''
  } else if (stage.kind === 'json') {
    const fields = fieldsOf(state.line)
    for (const [name, field] of Object.entries(stage.names)) {
      if (fields[field] !== undefined) extracted[name] = String(fields[field])
    }
  } else if (stage.kind === 'timestamp') {
    if (extracted[stage.source] !== undefined) state.time = extracted[stage.source]
  } else if (stage.kind === 'template') {
    extracted[stage.source] = filled(stage.template, extracted[stage.source])
  } else if (stage.kind === 'keep') {
    state.labels = Object.fromEntries(Object.entries(state.labels).filter(([name]) => stage.names.includes(name)))
  } else {
    for (const [name, from] of Object.entries(stage.names)) {
      if (extracted[from] !== undefined) state[stage.kind][name] = extracted[from]
    }
  }
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** The one form of Go's templates that is used: the value, or a word where there is none. */
function filled(template: string, value: string | undefined): string {
  const word = /^\{\{ if \.Value \}\}\{\{ \.Value \}\}\{\{ else \}\}(\w+)\{\{ end \}\}$/.exec(template)?.[1]
  if (word === undefined) throw new Error(`a template of another form: ${template}`)
  return value ?? word
}

/** The stages of Alloy's `loki.process`. */
export function stagesOfAlloy({ blocks }: Block): readonly Stage[] {
  return blocks.map(({ name, attributes }) => {
    const value = (attribute: string) => plain(attributes[attribute])
    switch (name) {
      case 'stage.cri':
        return { kind: 'cri' }
      case 'stage.json':
        return { kind: 'json', names: named(value('expressions')) }
      case 'stage.timestamp':
        return { kind: 'timestamp', source: String(value('source')), format: String(value('format')) }
      case 'stage.template':
        return { kind: 'template', source: String(value('source')), template: String(value('template')) }
      case 'stage.labels':
        return { kind: 'labels', names: named(value('values')) }
      case 'stage.structured_metadata':
        return { kind: 'metadata', names: named(value('values')) }
      case 'stage.label_keep':
        return { kind: 'keep', names: value('values') as string[] }
      default:
        throw new Error(`what does ${name} do?`)
    }
  })
}

function plain(expression: Expression | undefined): unknown {
  if (expression?.kind === 'value') return expression.value
  if (expression?.kind === 'list') return expression.items.map(plain)
  if (expression?.kind !== 'object') throw new Error('a value that is known only where it runs')
  return Object.fromEntries(Object.entries(expression.entries).map(([key, value]) => [key, plain(value)]))
}

/** The stages of a Promtail scrape configuration. */
export function stagesOfPromtail(stages: readonly Readonly<Record<string, unknown>>[]): readonly Stage[] {
  return stages.map((stage) => {
    const [[name, value] = ['', {}]] = Object.entries(stage)
    switch (name) {
      case 'cri':
        return { kind: 'cri' }
      case 'json':
        return { kind: 'json', names: named((value as { expressions: unknown }).expressions) }
      case 'timestamp':
      case 'template':
        return { kind: name, ...(value as { source: string; format: string; template: string }) }
      case 'labels':
        return { kind: 'labels', names: named(value) }
      case 'structured_metadata':
        return { kind: 'metadata', names: named(value) }
      case 'labelallow':
        return { kind: 'keep', names: value as string[] }
      default:
        throw new Error(`what does ${name} do?`)
    }
  })
}

/** A name without a source is its own. */
function named(table: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table as Record<string, string | null>).map(([name, from]) => [name, from || name]),
  )
}
