import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ended, noPosix, recordsOf, start } from '../child.js'
import { root } from '../docs/markdown.js'
import { folder, manifests, read } from './manifests.js'

interface Variable {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } }
}

interface Container {
  readonly name: string
  readonly command: readonly [program: string, path: string]
  readonly env: readonly Variable[]
  readonly readinessProbe: { readonly httpGet?: { readonly path: string }; readonly tcpSocket?: object }
}

const containers = manifests()
  .filter(({ file, manifest }) => file.startsWith('techflow/') && manifest.kind === 'Deployment')
  .map(
    ({ manifest }) =>
      (manifest.spec as { template: { spec: { containers: [Container] } } }).template.spec.containers[0],
  )

/** What the downward API would say. */
const POD: Readonly<Record<string, string>> = {
  'metadata.name': 'pod-6c9f7d-x2x4z',
  'metadata.namespace': 'techflow',
  'spec.nodeName': 'node-1',
}

/** The container's environment as the kubelet makes it, but for the port, which has to be free here. */
function environmentOf({ env }: Container, port: number): NodeJS.ProcessEnv {
  const own = env.map(({ name, value, valueFrom }) => [name, value ?? POD[valueFrom?.fieldRef.fieldPath ?? '']])
  return { ...parseEnv(read(`${folder}/techflow/techflow.env`)), ...Object.fromEntries(own), PORT: String(port) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Asks as the kubelet does, again until there is an answer, or nobody to give one. */
async function probe({ httpGet }: Container['readinessProbe'], port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    try {
      if (httpGet !== undefined)
        return expect((await fetch(`http://127.0.0.1:${port}${httpGet.path}`)).status).toBe(200)
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      return void socket.destroy()
    } catch (error) {
      if (!/fetch failed|ECONNREFUSED/.test(String(error))) throw error
      await delay(50)
    }
  }
}

describe.skipIf(noPosix).each(containers)('the container $name', (container) => {
  it('starts by its command, becomes ready, says where it runs, and ends by itself on SIGTERM', async () => {
    const [program, path] = container.command
    expect(program).toBe('node')
    const port = await freePort()
    const env = environmentOf(container, port)
    const child = start({ path: join(root, 'examples/techflow', path), env }, ['ignore', 'pipe', 'inherit'])
    const ending = ended(child)
    const output = text(child.stdout as NodeJS.ReadableStream)
    await probe(container.readinessProbe, port, child)
    child.kill('SIGTERM')
    expect(await ending).toEqual({ code: 0, signal: null })
    const records = recordsOf(await output)
    // The database is a bought one, and logs nothing.
    if (container.name === 'database') return
    const [{ name }, place] = [container, { pod: POD['metadata.name'], namespace: 'techflow', node: 'node-1' }]
    for (const record of records) {
      expect(record).toMatchObject({
        service: name,
        container: name,
        environment: 'production',
        version: '1.0.0',
        ...place,
      })
    }
    // No line for the probe, and the last one proves that none is missing.
    const messages = records.map(({ message }) => String(message))
    expect(messages).toEqual(expect.arrayContaining(['Listening', 'Shutting down']))
    expect(messages.filter((message) => message.startsWith('Request'))).toEqual([])
    expect(messages.at(-1)).toBe('Log stats')
  })
})
