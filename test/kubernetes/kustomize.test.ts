import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, root } from '../docs/markdown.js'
import { folder, type Kustomization, kustomizations, manifests } from './manifests.js'

const all = kustomizations()

/** What a kustomization reads, as paths from the repository's root. */
function readBy(at: string, { resources, configMapGenerator = [] }: Kustomization): string[] {
  const generated = configMapGenerator.flatMap(({ files = [], envs = [] }) => [...files, ...envs])
  return [...resources, ...generated].map((path) => join(at, path))
}

describe.each([...all])('%s', (at, kustomization) => {
  it('lists what is there', () => {
    expect(readBy(at, kustomization).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('pins the version of every image', () => {
    const own = [...(all.get(at)?.resources ?? [])].map((resource) => join(at, resource))
    const images = manifests()
      .filter(({ file }) => own.includes(join(folder, file)))
      .flatMap(({ manifest }) => [...JSON.stringify(manifest).matchAll(/"image":"([^"]+)"/g)].map(([, name]) => name))
    const pinned = (kustomization.images ?? []).map(({ name }) => name)
    expect([...new Set(images)].sort()).toEqual([...pinned].sort())
    for (const { newTag } of kustomization.images ?? []) expect(newTag).toMatch(/^v?\d+\.\d+\.\d+$/)
  })
})

it('leaves no file out, but those that the README gives to other programs', () => {
  const listed = new Set([...all].flatMap(([at, kustomization]) => readBy(at, kustomization)))
  const others = ['README.md', 'loki/helm-values.yaml', 'promtail/promtail.yaml']
  const forgotten = filesIn(folder)
    .filter((path) => basename(path) !== 'kustomization.yaml')
    .filter((path) => !listed.has(path) && !others.includes(path.slice(folder.length + 1)))
  expect(forgotten).toEqual([])
  expect([...all.keys()].filter((at) => at !== folder && !listed.has(at))).toEqual([])
})

it('generates every ConfigMap that a pod of the same folder reads', () => {
  for (const { file, manifest } of manifests()) {
    const made = all.get(dirname(join(folder, file)))?.configMapGenerator?.map(({ name }) => name) ?? []
    const text = JSON.stringify(manifest)
    const read = [
      ...text.matchAll(/"configMap":\{"name":"([^"]+)"\}/g),
      ...text.matchAll(/"configMapRef":\{"name":"([^"]+)"\}/g),
    ].map(([, name = '']) => name)
    expect(
      read.filter((name) => !made.includes(name)),
      file,
    ).toEqual([])
  }
})
