import { beforeAll, describe, expect, it } from 'vitest'
import { filesIn } from '../docs/markdown.js'
import { compileLiterals } from './literals.js'
import { documents, folder, type Manifest, manifests, read } from './manifests.js'

const files = filesIn(folder)

it.each(files.filter((path) => path.endsWith('.yaml')))('%s is YAML', (path) => {
  expect(documents(path).every((document) => typeof document === 'object' && document !== null)).toBe(true)
})

it.each(files.filter((path) => path.endsWith('.json')))('%s is JSON', (path) => {
  expect(JSON.parse(read(path))).toBeTypeOf('object')
})

type Model = new (manifest: Manifest) => { validate(): void }

const all = manifests().map(({ file, manifest }) => ({
  manifest,
  name: `${file}: ${manifest.kind} ${manifest.metadata.name}`,
}))

/** By the types that are made from Kubernetes' OpenAPI. */
let problems: ReadonlyMap<string, readonly string[]>

beforeAll(() => {
  problems = compileLiterals(
    all.map(({ name, manifest }) => ({
      name,
      value: manifest,
      type: `I${manifest.kind}`,
      from: `kubernetes-models/${manifest.apiVersion}`,
    })),
  )
}, 120_000)

describe.each(all)('$name', ({ name, manifest }) => {
  it('has the fields that Kubernetes knows, and no other', () => {
    expect(problems.get(name)).toEqual([])
  })

  it('has values that Kubernetes accepts', async () => {
    const specifier = `kubernetes-models/${manifest.apiVersion}`
    const models = (await import(/* @vite-ignore */ specifier)) as Record<string, Model | undefined>
    const Kind = models[manifest.kind]
    if (Kind === undefined) throw new Error(`no ${manifest.kind} in ${manifest.apiVersion}`)
    expect(() => new Kind(manifest).validate()).not.toThrow()
  })
})
