import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** The page as the server hands it out: one script and one style sheet, so that nothing is loaded from anywhere else. */
const out = join(import.meta.dirname, '../dist/page')

mkdirSync(out, { recursive: true })
await build({
  entryPoints: [join(import.meta.dirname, 'page.tsx')],
  outdir: out,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'linked',
})
copyFileSync(join(import.meta.dirname, 'index.html'), join(out, 'index.html'))
