import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** A fenced block of a page that users read. */
export interface Block {
  readonly page: string
  /** Where its first line stands on the page. */
  readonly line: number
  readonly language: string
  readonly text: string
}

/** Every page that users read, by its path from the repository's root. */
export function pages(): readonly string[] {
  const ofPackages = ['packages', 'examples'].flatMap((folder) =>
    filesIn(folder).filter((path) => /^[^/]+\/[^/]+\/README\.md$/.test(path)),
  )
  return [...readdirSync(root), ...filesIn('docs'), ...ofPackages].filter((path) => path.endsWith('.md')).sort()
}

/** The files below a folder, by their paths from the repository's root; what is installed, built or made of the sources is left out. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    const isMade = ['node_modules', 'dist'].includes(entry.name) || path === 'docs/reference/api'
    return isMade ? [] : filesIn(path)
  })
}

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

export function blocks(page: string): readonly Block[] {
  const found: Block[] = []
  const lines = readPage(page).split('\n')
  for (let i = 0; i < lines.length; i++) {
    const language = /^\s*```([\w-]+)/.exec(lines[i] ?? '')?.[1]
    if (language === undefined) continue
    const start = ++i
    while (i < lines.length && !/^\s*```\s*$/.test(lines[i] ?? '')) i++
    found.push({ page, line: start + 1, language, text: lines.slice(start, i).join('\n') })
  }
  return found
}

export function repositoryPath(path: string): string {
  return relative(root, path)
}

export { root }
