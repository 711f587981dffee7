/** Makes what the page of the architecture shows of the imports and of what runs; `write.ts` writes it. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { readPage } from '../markdown.ts'
import { diagram } from './diagram.ts'
import { importsOfPackages, reduced } from './imports.ts'

const PAGE = 'docs/explanation/architecture.md'

/** The files that are made, by their paths from the repository's root, with their texts. */
export function architecture(): ReadonlyMap<string, string> {
  const { packages, core } = importsOfPackages()
  return new Map([
    ['docs/public/packages.svg', diagram('The packages', reduced(packages))],
    ['docs/public/core.svg', diagram('The folders of the core', core)],
    [PAGE, withTable(withTable(readPage(PAGE), 'line'), 'request')],
  ])
}

/** The page with the table between two of its comments made anew. */
function withTable(page: string, call: 'line' | 'request'): string {
  const [start, end] = [`<!-- made: ${call} -->`, `<!-- end: ${call} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${PAGE} has no ${start} followed by ${end}`)
  return `${page.slice(0, from)}${start}\n\n${table(filesOf(call))}\n\n${page.slice(to)}`
}

/** The source files that run, by their paths in `packages`. */
function filesOf(call: 'line' | 'request'): readonly string[] {
  const program = join(import.meta.dirname, 'executed.mjs')
  return JSON.parse(execFileSync(process.execPath, [program, call], { encoding: 'utf8' })) as string[]
}

function table(files: readonly string[]): string {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'))
  const rows = [...new Set(files.map(folderOf))].map((folder) => {
    const names = files
      .filter((path) => folderOf(path) === folder)
      .map((path) => `\`${path.slice(folder.length + 1)}\``)
    return `| \`${folder}\` | ${names.join(', ')} |`
  })
  return [`| folder | the ${files.length} files that run |`, '| --- | --- |', ...rows].join('\n')
}
