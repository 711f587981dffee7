import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { blocks, filesIn, pages, readPage, root } from './markdown.js'

it("prints what the README's first program is said to print", () => {
  const [, program, output] = blocks('README.md')
  const file = join(import.meta.dirname, '.readme.mjs')
  writeFileSync(file, program?.text ?? '')
  try {
    const { stdout } = spawnSync(process.execPath, [file], { encoding: 'utf8', env: { PATH: process.env.PATH } })
    const withoutTime = (line: string) => line.replace(/"timestamp":"[^"]{24}"/, '"timestamp":"…"')
    expect(withoutTime(stdout.trim())).toBe(withoutTime(output?.text ?? ''))
  } finally {
    rmSync(file)
  }
})

it('has every setting of the environment in one table, and none that does not exist', () => {
  const sources = filesIn('packages').filter((path) => /\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'))
  // A name in quotes or behind `env.`; others are constants.
  const used = new Set(
    sources.flatMap(
      (path) =>
        readFileSync(join(root, path), 'utf8').match(
          /(?<=['"`]|\benv\.)(?:LOG|OTEL|SERVICE|POD|NODE|CONTAINER)_[A-Z_]+\b/g,
        ) ?? [],
    ),
  )
  const listed = new Set(
    [...readPage('docs/reference/environment.md').matchAll(/^\| `([A-Z_]+)` /gm)].map(([, name]) => name),
  )
  // Node's own, which set nothing of ours, and parts of names that the exporter puts together.
  const internal = ['NODE_UNIQUE_ID', 'NODE_OPTIONS', 'OTEL_EXPORTER_OTLP_']
  const isPutTogether = (name: string) => name.startsWith('OTEL_EXPORTER_OTLP_')
  expect([...listed].filter((name = '') => !used.has(name) && !isPutTogether(name))).toEqual([])
  expect([...used].filter((name) => !listed.has(name) && !internal.includes(name)).sort()).toEqual([])
})

it.each(pages())('%s links only to what is there', (page) => {
  const targets = [
    ...readPage(page)
      .replace(/```[\s\S]*?```/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, target]) => target ?? '')
  const missing = targets
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .filter((target) => !existsSync(join(root, dirname(page), target.replace(/#.*$/, ''))))
  expect(missing).toEqual([])
})

it.each(pages())('%s holds only JSON that parses', (page) => {
  for (const { language, text, line } of blocks(page)) {
    if (language !== 'json') continue
    for (const one of text.startsWith('{"') ? text.split('\n') : [text]) {
      expect(() => JSON.parse(one.replaceAll('"…"', '""')), `line ${line}`).not.toThrow()
    }
  }
})

it('has every page of the docs in its index', () => {
  const linked = (page: string) =>
    [...readPage(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => join(dirname(page), target ?? ''))
  const reached = new Set([...linked('docs/README.md'), ...linked('docs/explanation/decisions/README.md')])
  const missing = filesIn('docs').filter((page) => page.endsWith('.md') && !reached.has(page))
  expect(missing.filter((page) => page !== 'docs/README.md')).toEqual([])
})
