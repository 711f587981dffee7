import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Block, blocks, pages, repositoryPath, root } from './markdown.js'

const LANGUAGES = new Map([
  ['ts', 'mts'],
  ['js', 'mjs'],
  ['mjs', 'mjs'],
])

/** Snippets as files that exist only for the compiler, in a folder that finds the workspace's packages. */
const files = new Map<string, Block>()
const problems = new Map<Block, string[]>()

for (const page of pages()) {
  for (const block of blocks(page)) {
    const extension = LANGUAGES.get(block.language)
    const name = `${page.replace(/\W+/g, '-')}-${block.line}.${extension}`
    if (extension !== undefined) files.set(join(import.meta.dirname, name), block)
  }
}

beforeAll(() => {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  host.fileExists = (path) => files.has(path) || fileExists(path)
  host.readFile = (path) => files.get(path)?.text ?? readFile(path)
  host.getSourceFile = (path, version, ...rest) => {
    const block = files.get(path)
    // A snippet without an import is a module all the same.
    return block === undefined
      ? getSourceFile.call(host, path, version, ...rest)
      : ts.createSourceFile(path, `${block.text}\nexport {}\n`, version)
  }
  const program = ts.createProgram(
    [...files.keys(), join(import.meta.dirname, 'ambient.d.ts')],
    { ...options, allowJs: true, checkJs: true, noEmit: true, noImplicitAny: false, noUnusedLocals: false },
    host,
  )
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const block = files.get(diagnostic.file?.fileName ?? '')
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    if (block === undefined) throw new Error(`${repositoryPath(diagnostic.file?.fileName ?? '')}: ${text}`)
    const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0
    problems.set(block, [...(problems.get(block) ?? []), `line ${block.line + at}: ${text}`])
  }
}, 120_000)

describe.each([...new Set([...files.values()].map(({ page }) => page))])('%s', (page) => {
  it.each([...files.values()].filter((block) => block.page === page))(
    'has a snippet at line $line that compiles',
    (block) => {
      expect(problems.get(block) ?? []).toEqual([])
    },
  )
})
