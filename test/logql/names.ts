import { parser } from '@grafana/lezer-logql'

type Tree = ReturnType<typeof parser.parse>
type SyntaxNode = Tree['topNode']

/** What an expression asks for by name. */
export interface Names {
  /** Of streams: the selector's. */
  readonly labels: readonly string[]
  /** Of lines: filtered by, unwrapped, grouped by, written out. What the expression makes itself is left out. */
  readonly fields: readonly string[]
  /** The values that a name is compared with, as the expression has them; of a regular expression, the expression. */
  readonly compared: readonly Comparison[]
  /** Where the grammar does not fit: what stands there. */
  readonly errors: readonly string[]
}

export interface Comparison {
  readonly name: string
  readonly operator: string
  readonly value: string
}

const FIELD_PARENTS = [
  'LabelFilter',
  'NumberFilter',
  'DurationFilter',
  'BytesFilter',
  'UnwrapExpr',
  'Labels',
  'Matcher',
]

/** Reads an expression by Grafana's grammar of LogQL. */
export function namesIn(text: string): Names {
  const labels = new Set<string>()
  const fields = new Set<string>()
  const made = new Set<string>()
  const compared: Comparison[] = []
  const errors: string[] = []
  parser.parse(text).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) errors.push(`at ${from}: ${JSON.stringify(text.slice(from, from + 20))}`)
      const word = text.slice(from, to)
      if (type.name === 'String') for (const name of inTemplate(word)) fields.add(name)
      if (type.name === 'Matcher') compared.push(comparison(word))
      if (type.name !== 'Identifier') return
      const parent = node.parent?.name ?? ''
      if (within(node, 'Matchers')) labels.add(word)
      else if (parent === 'LabelFormatMatcher' || parent === 'LabelExtractionExpression') made.add(word)
      else if (FIELD_PARENTS.includes(parent)) fields.add(word)
      else throw new Error(`a name that is neither a label nor a field: ${word}, in ${parent}`)
    },
  })
  return { labels: [...labels], fields: [...fields].filter((name) => !made.has(name)), compared, errors }
}

function comparison(word: string): Comparison {
  const [, name = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/s.exec(word) ?? []
  return { name, operator, value }
}

function within(node: SyntaxNode, name: string): boolean {
  for (let at = node.parent; at !== null; at = at.parent) if (at.name === name) return true
  return false
}

/** The fields of a `line_format` or `label_format`: `{{ .pod }}`, `{{ if .sample_rate }}`. */
function inTemplate(word: string): string[] {
  return [...word.matchAll(/\{\{.*?\}\}/g)].flatMap(([action]) =>
    [...action.matchAll(/\.([a-z_][a-z0-9_]*)/g)].map(([, name = '']) => name),
  )
}
