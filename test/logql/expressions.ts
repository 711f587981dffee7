import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { blocks, filesIn, pages, readPage, root } from '../docs/markdown.js'

/** An expression that the repository tells its readers, or a program of theirs, to ask Loki. */
export interface Expression {
  /** Where it stands: the file, and the line or the name. */
  readonly at: string
  readonly text: string
}

/** Every LogQL expression of the repository: in pages, dashboards, rules and limits. */
export function expressions(): readonly Expression[] {
  const examples = filesIn('examples')
  return [
    ...pages().flatMap((page) => [...fenced(page), ...inline(page)]),
    ...examples.filter((path) => /\.ya?ml$/.test(path)).flatMap((path) => inYaml(path)),
    ...examples.filter((path) => /\/dashboards\/[^/]+\.json$/.test(path)).flatMap((path) => inDashboard(path)),
  ]
}

function fenced(page: string): Expression[] {
  return blocks(page)
    .filter(({ language }) => language === 'logql')
    .map(({ line, text }) => ({ at: `${page}:${line}`, text }))
}

/** What begins as a stream selector does, within a sentence. */
const INLINE = /`(\{[a-z_]+\s*(?:=|!=|=~|!~)\s*"[^`]*)`/g

function inline(page: string): Expression[] {
  const prose = readPage(page).replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ''))
  return [...prose.matchAll(INLINE)].map((match) => ({
    at: `${page}:${prose.slice(0, match.index).split('\n').length}`,
    text: match[1] ?? '',
  }))
}

/** The keys under which Loki's rules and limits have LogQL. */
const YAML_KEYS = ['expr', 'selector']

function inYaml(path: string): Expression[] {
  return parseAllDocuments(readFileSync(join(root, path), 'utf8')).flatMap((document) =>
    textsUnder(document.toJS(), YAML_KEYS).map(([name, text]) => ({ at: `${path} ${name}`, text })),
  )
}

function inDashboard(path: string): Expression[] {
  const dashboard = JSON.parse(readFileSync(join(root, path), 'utf8')) as { readonly panels: readonly unknown[] }
  return dashboard.panels.flatMap((panel) => {
    const { title } = panel as { readonly title: string }
    return textsUnder(panel, ['expr']).map(([, text]) => ({ at: `${path} "${title}"`, text: withoutVariables(text) }))
  })
}

/** Grafana puts values in before Loki sees an expression; a variable within a text is a text like another. */
function withoutVariables(text: string): string {
  return text.replace(/\[\$__(?:range|interval|auto)\]/g, '[5m]')
}

function textsUnder(value: unknown, keys: readonly string[], path = ''): [path: string, text: string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, string][] => {
    const here = `${path}.${key}`
    return keys.includes(key) && typeof inner === 'string' ? [[here, inner]] : textsUnder(inner, keys, here)
  })
}
