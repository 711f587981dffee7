import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'

/**
 * A worker thread's source as a module that holds it as a text: a program's bundle has the thread in it whatever bundled it,
 * since there is no file to be found and no import to be understood.
 *
 * @param entry The thread's module, `x.thread.ts`.
 * @returns the text of `x.thread.inline.ts`, which is committed so that sources run without a build.
 */
export async function inlinedWorker(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // What the thread does not use of its package stays out of it.
    treeShaking: true,
    logLevel: 'error',
    // From its source, so that the text is the same before and after a build.
    alias: {
      '@throughline/transport/thread': join(dirname(entry), '../../transport/src/thread.ts'),
      'throughline/internal': join(dirname(entry), '../../core/src/internal.ts'),
    },
  })
  const name = basename(entry, '.thread.ts').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const source = JSON.stringify(outputFiles[0]?.text.trim())
  return `// Made from ${basename(entry)} by inline-worker.ts; \`pnpm build\` makes it again.\nexport const ${name}Thread =\n  ${source}\n`
}

export async function inlineWorker(entry: string): Promise<void> {
  await writeFile(inlinedPath(entry), await inlinedWorker(entry))
}

/** Where the module of a thread's source is. */
export function inlinedPath(entry: string): string {
  return entry.replace(/\.thread\.ts$/, '.thread.inline.ts')
}
