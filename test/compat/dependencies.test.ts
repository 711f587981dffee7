import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPage } from '../docs/markdown.js'
import { published, readManifest } from './consumer.js'
import { productionTree, sizeOf } from './production-tree.js'

const page = readPage('docs/reference/dependencies.md')

/** The cells of a section's table, its head left out; code without its marks. */
function table(heading: string): readonly (readonly string[])[] {
  const section = page.slice(page.indexOf(`\n## ${heading}\n`)).split('\n## ')[1] ?? ''
  return section
    .split('\n')
    .filter((row) => row.startsWith('|'))
    .slice(2)
    .map((row) =>
      // `\|` is a bar in a cell.
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
    )
}

const isSibling = (name: string) => published.some((manifest) => manifest.name === name)
const tree = [
  ...new Map(published.flatMap(({ folder }) => productionTree(folder)).map((one) => [one.folder, one])).values(),
]

describe('the page of dependencies', () => {
  it('names every runtime dependency of every package, with its range, its version and its size, and no other', () => {
    const direct = published.flatMap(({ name, folder, dependencies = {} }) =>
      Object.entries(dependencies)
        .filter(([dependency]) => !isSibling(dependency))
        .map(([dependency, range]) => {
          const own = productionTree(folder).find((one) => one.name === dependency)
          return [name, dependency, range, own?.version, `${sizeOf(own?.folder ?? '')} KiB`, own?.license]
        }),
    )
    const rows = table('What the packages need').map(([name, dependency, range, tried, size, license]) => {
      expect(tried).toMatch(/^\S+, \d{4}-\d\d-\d\d$/)
      return [name, dependency, range, tried?.split(',')[0], size, license]
    })
    expect(rows.toSorted()).toEqual(direct.toSorted())
  })

  it('says why each is there', () => {
    for (const row of table('What the packages need')) expect(row.at(-1)?.length, row[1]).toBeGreaterThan(20)
  })

  it('names every package that these bring, and no other', () => {
    const direct = new Set(table('What the packages need').map(([, dependency]) => dependency))
    // A binary of each platform is a package of its own.
    const isBinary = (name: string) => /-(?:linux|darwin|win32)-/.test(name)
    const brought = tree
      .filter(({ name }) => !direct.has(name) && !isBinary(name))
      .map(({ name, license }) => `${name} ${license}`)
    const rows = table('What these bring').map(([name, , license]) => `${name} ${license}`)
    expect(rows.toSorted()).toEqual([...new Set(brought)].toSorted())
  })

  it('names every peer dependency, with its range, and whether one can do without', () => {
    const peers = published.flatMap(({ name, folder }) => {
      const { peerDependencies = {}, peerDependenciesMeta = {} } = readManifest(folder)
      return Object.entries(peerDependencies).map(([peer, range]) => {
        return [name, peer, range, peerDependenciesMeta[peer]?.optional === true ? 'optional' : 'needed']
      })
    })
    const rows = table('What the application brings').map((row) => row.slice(0, 4))
    expect(rows.toSorted()).toEqual(peers.toSorted())
  })
})

describe('what is installed with the packages', () => {
  it('is found at all', () => expect(tree.length).toBeGreaterThan(10))

  it.each(tree)('$name $version runs no script when it is installed', ({ scripts }) => {
    expect(scripts).toEqual([])
  })

  it.each(published)('$name runs none itself', ({ folder }) => {
    const { scripts = {} } = readManifest(join(folder))
    expect(Object.keys(scripts).filter((script) => /install|^prepare$/.test(script))).toEqual([])
  })
})
