import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { onTheSiteOrNot } from './repository.js'

type Item = DefaultTheme.SidebarItem

const docs = join(import.meta.dirname, '..')
const API = 'reference/api'

/**
 * The sidebar, read from the index that a reader of the repository has too, `docs/README.md`: a `## Section`, in it groups
 * (`**Requests**: …`), and links in their order. A link to another folder's README brings that one's links along.
 *
 * @throws Error naming the pages that no link leads to.
 */
export function sidebar(): Item[] {
  const page = read('README.md')
  // What comes before is the home page's own.
  const sections = page
    .slice(page.indexOf('## Tutorial'))
    .split(/^## /m)
    .slice(1)
    .map((section) => ({ text: section.slice(0, section.indexOf('\n')), items: itemsIn(section, '') }))
  const listed = new Set(sections.flatMap(linksOf))
  const missing = pages().filter((page) => page !== 'README.md' && !listed.has(urlOf(page)))
  if (missing.length > 0) throw new Error(`docs/README.md leads to no page of these: ${missing.join(', ')}`)
  const reference = sections.find(({ text }) => text === 'Reference')
  if (reference === undefined) throw new Error('docs/README.md has no section "Reference"')
  reference.items.push({ text: 'API', link: `/${API}/`, collapsed: true, items: api() })
  return sections
}

/** The pages that typedoc has made of the sources' comments, each by what is imported. */
function api(): Item[] {
  return filesIn(API)
    .filter((page) => !page.endsWith('/README.md'))
    .map((page) => ({ text: /^# (.*)/m.exec(read(page))?.[1] ?? page, link: urlOf(page) }))
}

/** Paragraph by paragraph: a group's links stand under its name. */
function itemsIn(markdown: string, folder: string): Item[] {
  return markdown.split(/\n\n+/).flatMap((paragraph) => {
    const items = [...paragraph.matchAll(/\[([^\]]+)\]\(([^):]+\.md)\)/g)].map(([, text = '', target = '']) =>
      itemOf(text, posix.join(folder, target)),
    )
    const group = /^\*\*(.+?)\*\*/.exec(paragraph)?.[1]
    return group === undefined || items.length === 0 ? items : [{ text: group, items }]
  })
}

function itemOf(text: string, page: string): Item {
  // A word, and not a name such as node:http.
  const title = text.replaceAll('`', '').replace(/^\p{Ll}(?=\p{L}*( |$))/u, (first) => first.toUpperCase())
  if (page.startsWith('../')) return { text: title, link: onTheSiteOrNot(page, 'README.md') }
  const item = { text: title, link: urlOf(page) }
  if (!page.endsWith('/README.md')) return item
  return { ...item, collapsed: true, items: itemsIn(read(page), dirname(page)) }
}

function linksOf({ link, items = [] }: Item): string[] {
  return [...(link === undefined ? [] : [link]), ...items.flatMap(linksOf)]
}

/** Every page of `docs/`, by its path, but those that are made of the sources. */
function pages(): string[] {
  return filesIn('').filter((page) => !page.startsWith('.') && !page.startsWith(`${API}/`))
}

function filesIn(folder: string): string[] {
  return readdirSync(join(docs, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join(folder, file.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.md'))
    .sort()
}

function urlOf(page: string): string {
  return `/${page.replace(/(README)?\.md$/, '')}`
}

function read(page: string): string {
  const file = join(docs, page)
  if (!existsSync(file)) throw new Error(`${page} is linked from an index, and is not there`)
  return readFileSync(file, 'utf8')
}
