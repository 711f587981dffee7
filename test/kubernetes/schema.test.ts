import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { filesIn, root } from '../docs/markdown.js'
import { documents, folder, type Manifest, manifests, read } from './manifests.js'

const all = manifests().map(({ file, manifest }) => ({
  manifest,
  name: `${file}: ${manifest.kind} ${manifest.metadata.name}`,
}))

const files = filesIn(folder)

it.each(files.filter((path) => path.endsWith('.yaml')))('%s is YAML', (path) => {
  expect(documents(path).every((document) => typeof document === 'object' && document !== null)).toBe(true)
})

it.each(files.filter((path) => path.endsWith('.json')))('%s is JSON', (path) => {
  expect(JSON.parse(read(path))).toBeTypeOf('object')
})

/** A manifest as a literal of the type that is made from Kubernetes' OpenAPI: a field that is none does not compile. */
function asModule({ apiVersion, kind, ...rest }: Manifest): string {
  return `import type { I${kind} } from 'kubernetes-models/${apiVersion}'
export const manifest: I${kind} = ${JSON.stringify({ apiVersion, kind, ...rest }, undefined, 1)}
`
}

const problems = new Map<string, string[]>()

beforeAll(() => {
  const modules = new Map(all.map(({ manifest }, i) => [join(import.meta.dirname, `manifest-${i}.mts`), manifest]))
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  const text = (path: string) => {
    const manifest = modules.get(path)
    return manifest === undefined ? undefined : asModule(manifest)
  }
  host.fileExists = (path) => modules.has(path) || fileExists(path)
  host.readFile = (path) => text(path) ?? readFile(path)
  const program = ts.createProgram([...modules.keys()], { ...options, noEmit: true }, host)
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const manifest = modules.get(file?.fileName ?? '')
    const words = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (manifest === undefined) throw new Error(words)
    const name = all.find((one) => one.manifest === manifest)?.name ?? ''
    problems.set(name, [...(problems.get(name) ?? []), words])
  }
}, 120_000)

describe.each(all)('$name', ({ name, manifest }) => {
  it('has the fields that Kubernetes knows, and no other', () => {
    expect(problems.get(name) ?? []).toEqual([])
  })

  it('has values that Kubernetes accepts', async () => {
    const specifier = `kubernetes-models/${manifest.apiVersion}`
    const models = (await import(/* @vite-ignore */ specifier)) as Record<string, Model | undefined>
    const Kind = models[manifest.kind]
    if (Kind === undefined) throw new Error(`no ${manifest.kind} in ${manifest.apiVersion}`)
    expect(() => new Kind(manifest).validate()).not.toThrow()
  })
})

type Model = new (manifest: Manifest) => { validate(): void }
