import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../child.js'

const packages = join(import.meta.dirname, '../../packages')
const PUBLISHED = { throughline: 'core', '@throughline/transport': 'transport', '@throughline/loki': 'loki' }

/**
 * An empty project outside the workspace with the packages as they are published: bundlers follow the `paths` of the
 * workspace's tsconfig, and would bundle the sources.
 *
 * @param tools What it needs besides, of the tests' own dependencies.
 */
export function projectFolder(...tools: readonly string[]): string {
  const folder = temporaryFolder()
  const modules = join(folder, 'node_modules')
  for (const [name, from] of Object.entries(PUBLISHED)) {
    const origin = join(packages, from)
    for (const part of ['package.json', 'dist']) {
      cpSync(join(origin, part), join(modules, name, part), { recursive: true })
    }
    const { dependencies = {} } = JSON.parse(readFileSync(join(origin, 'package.json'), 'utf8'))
    for (const dependency of Object.keys(dependencies)) {
      if (!Object.hasOwn(PUBLISHED, dependency))
        link(join(origin, 'node_modules', dependency), join(modules, dependency))
    }
  }
  for (const tool of tools) link(join(import.meta.dirname, '../node_modules', tool), join(modules, tool))
  return folder
}

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(realpathSync(from), to)
}
