import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { pack, published, readManifest } from '../compat/consumer.js'

/** The one that npm is set up with here, which may be a company's mirror. */
const registryOfNpm = () =>
  execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '')

/**
 * A package registry on loopback that has the workspace's packages as they would be published, and sends whoever asks for
 * any other to npm's own: `npm install throughline` then means this throughline.
 */
export class Registry {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param folder Where the tarballs go. */
  static async start(folder: string): Promise<Registry> {
    const tarballs = pack(published, folder)
    const others = registryOfNpm()
    const server = createServer((request, response) => {
      const asked = decodeURIComponent(request.url ?? '').slice(1)
      const file = [...tarballs.values()].find((path) => `tarballs/${basename(path)}` === asked)
      if (file !== undefined) response.end(readFileSync(file))
      else if (tarballs.has(asked)) response.end(JSON.stringify(packument(asked, url, tarballs.get(asked) ?? '')))
      else response.writeHead(302, { location: `${others}${request.url}` }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return new Registry(server, url)
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}

/** What a registry says of a package with one version. Its siblings are named as `pnpm publish` would. */
function packument(name: string, registry: string, tarball: string): object {
  const found = published.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no package ${name}`)
  const manifest = readManifest(found.folder)
  const dependencies = Object.fromEntries(
    Object.entries(manifest.dependencies ?? {}).map(([sibling, range]) => [sibling, withoutWorkspace(sibling, range)]),
  )
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  const dist = { tarball: `${registry}/tarballs/${basename(tarball)}`, integrity }
  const { version } = manifest
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dependencies, dist } } }
}

function withoutWorkspace(sibling: string, range: string): string {
  const version = published.find(({ name }) => name === sibling)?.version
  return range.startsWith('workspace:') ? `${range.replace('workspace:', '').replace(/[\d.]*$/, '')}${version}` : range
}
