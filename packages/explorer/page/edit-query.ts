import { parser } from '@grafana/lezer-logql'

/** Adds a condition on a value to a query of log lines: `=` includes, `!=` excludes. */
export interface Condition {
  readonly name: string
  readonly operator: '=' | '!='
  readonly value: string
  /** A stream's label stands in the braces, and every other field behind a parser. */
  readonly isLabel: boolean
}

/** `"text"` as LogQL has it. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

export function withCondition(query: string, { name, operator, value, isLabel }: Condition): string {
  const condition = `${name}${operator}${quoted(value)}`
  const opposite = `${name}${operator === '=' ? '!=' : '='}${quoted(value)}`
  const trimmed = query.trim()
  if (isLabel) return inSelector(without(trimmed, opposite), condition, name)
  const base = trimmed === '' ? '{app=~".+"}' : without(trimmed, opposite)
  if (base.includes(`| ${condition}`)) return base
  return `${base}${hasParser(base) ? '' : ' | json'} | ${condition}`
}

function without(query: string, condition: string): string {
  return query.replace(` | ${condition}`, '').replace(`, ${condition}`, '').replace(`{${condition}}`, '{}')
}

function inSelector(query: string, condition: string, name: string): string {
  const end = selectorEnd(query)
  // Loki refuses a selector that only excludes.
  const any = condition.startsWith(`${name}!=`) ? `${name}=~".+", ` : ''
  if (end === undefined) return `{${any}${condition}}`
  const inside = query.slice(query.indexOf('{') + 1, end).trim()
  if (inside.includes(condition)) return query
  return `{${inside === '' ? any : `${inside}, `}${condition}${query.slice(end)}`
}

/** Where the selector's closing brace is: braces stand in strings too. */
function selectorEnd(query: string): number | undefined {
  const selector = parser.parse(query).topNode.getChild('Expr')?.getChild('LogExpr')?.getChild('Selector')
  const end = selector?.to ?? /^\{\s*\}/.exec(query)?.[0].length
  return end === undefined ? undefined : end - 1
}

function hasParser(query: string): boolean {
  return /\|\s*(?:json|logfmt|unpack|regexp|pattern)\b/.test(query)
}

/** Whether a query asks for lines; `undefined` where it cannot be read. */
export function isLogQuery(query: string): boolean | undefined {
  const expression = parser.parse(query).topNode.getChild('Expr')
  if (expression === null) return undefined
  return expression.getChild('LogExpr') !== null
}
