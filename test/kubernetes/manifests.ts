import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { filesIn, root } from '../docs/markdown.js'

/** The folder that `kubectl apply -k` is given. */
export const folder = 'examples/kubernetes'

/** What Kubernetes is to make. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly spec?: unknown
}

export interface Kustomization {
  readonly resources: readonly string[]
  readonly namespace?: string
  readonly images?: readonly { readonly name: string; readonly newName?: string; readonly newTag: string }[]
  readonly configMapGenerator?: readonly {
    readonly name: string
    readonly files?: readonly string[]
    readonly envs?: readonly string[]
  }[]
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** The documents of a YAML file. @throws when one does not parse, or has a key twice. */
export function documents(path: string): readonly unknown[] {
  return parseAllDocuments(read(path)).map((document) => {
    const problem = [...document.errors, ...document.warnings][0]
    if (problem !== undefined) throw problem
    return document.toJS() as unknown
  })
}

/** Every kustomization below the folder, by the path of its own folder. */
export function kustomizations(): ReadonlyMap<string, Kustomization> {
  return new Map(
    filesIn(folder)
      .filter((path) => path.endsWith('/kustomization.yaml'))
      .map((path) => [dirname(path), documents(path)[0] as Kustomization]),
  )
}

/** What the kustomizations list, each with the file it is from, relative to the folder. */
export function manifests(): readonly { readonly file: string; readonly manifest: Manifest }[] {
  return [...kustomizations()].flatMap(([at, { resources }]) =>
    resources
      .filter((resource) => resource.endsWith('.yaml'))
      .flatMap((resource) => {
        const path = join(at, resource)
        return documents(path).map((document) => ({ file: relative(folder, path), manifest: document as Manifest }))
      }),
  )
}
