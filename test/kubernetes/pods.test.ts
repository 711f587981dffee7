import { describe, expect, it } from 'vitest'
import { filesIn, readPage } from '../docs/markdown.js'
import { folder, type Manifest, manifests, read } from './manifests.js'

interface Container {
  readonly name: string
  readonly command?: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[]
  readonly readinessProbe?: object
  readonly resources: { readonly requests?: object; readonly limits?: object }
  readonly securityContext: { readonly allowPrivilegeEscalation?: boolean; readonly capabilities?: object }
}

interface Workload {
  readonly replicas?: number
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> }
    readonly spec: {
      readonly terminationGracePeriodSeconds?: number
      readonly securityContext: { readonly seccompProfile?: object }
      readonly containers: readonly Container[]
    }
  }
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet']
const workloads = manifests()
  .filter(({ manifest }) => WORKLOADS.includes(manifest.kind))
  .map(({ file, manifest }) => ({ file, name: manifest.metadata.name, workload: manifest.spec as Workload }))
const services = manifests().filter(({ manifest }) => manifest.kind === 'Service')

describe.each(workloads)('$file', ({ name, workload }) => {
  const { template, selector } = workload

  it('selects its own pods', () => {
    expect(template.metadata.labels).toMatchObject(selector.matchLabels)
  })

  it('says what it needs, when it is ready, how long it may take to end, and gives up what it does not need', () => {
    const { terminationGracePeriodSeconds, securityContext, containers } = template.spec
    expect(terminationGracePeriodSeconds).toBeGreaterThan(0)
    expect(securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' })
    for (const { readinessProbe, resources, ...container } of containers) {
      expect(readinessProbe).toBeDefined()
      expect(resources).toMatchObject({ requests: { cpu: expect.any(String) }, limits: { memory: expect.any(String) } })
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      })
    }
  })

  it('is reached by a Service that finds its pods and its port, where it has one', () => {
    for (const { manifest } of services.filter(({ manifest }) => manifest.metadata.name === name)) {
      const spec = manifest.spec as { selector: Record<string, string>; ports: { port: number; targetPort: string }[] }
      expect(template.metadata.labels).toMatchObject(spec.selector)
      const ports = template.spec.containers.flatMap((container) => container.ports)
      expect(ports.map((port) => port.name)).toEqual(spec.ports.map((port) => port.targetPort))
    }
  })
})

it('guards with a PodDisruptionBudget what runs more than once, and only that', () => {
  const budgets = manifests().filter(({ manifest }) => manifest.kind === 'PodDisruptionBudget')
  const many = workloads.filter(({ workload }) => (workload.replicas ?? 1) > 1)
  expect(budgets.map(({ manifest }) => manifest.metadata.name).sort()).toEqual(many.map(({ name }) => name).sort())
})

it('has no secret, and names those that its reader makes', () => {
  expect(manifests().filter(({ manifest }) => manifest.kind === 'Secret')).toEqual([])
  const readme = read(`${folder}/README.md`)
  for (const path of filesIn(folder).filter((path) => path.endsWith('.yaml'))) {
    for (const [, name] of read(path).matchAll(/secretKeyRef:\s+name: (\S+)/g)) {
      expect(readme).toContain(`create secret generic ${name} `)
    }
  }
})

describe('the services of TechFlow', () => {
  const techflow = workloads.filter(({ file }) => file.startsWith('techflow/'))
  const readme = readPage('examples/techflow/README.md')
  const logging = techflow.filter(({ name }) => name !== 'database')

  it('are started by the commands and at the ports that its README has', () => {
    const listed = [...readme.matchAll(/^\| `(\w+)` \|[^|]*\| `([^`]+)` \| (\d+) \|/gm)].map(
      ([, name, command, port]) => [name, command, Number(port)],
    )
    const here = techflow.map(({ name, workload }) => {
      const [container] = workload.template.spec.containers
      const port = container?.ports[0]?.containerPort
      expect(container?.env?.find((variable) => variable.name === 'PORT')?.value).toBe(String(port))
      return [name, container?.command?.join(' '), port]
    })
    expect(here.sort()).toEqual(listed.sort())
  })

  it('ask each other where they are', () => {
    const urls = [...read(`${folder}/techflow/techflow.env`).matchAll(/^(\w+)_URL=http:\/\/(\w+):(\d+)$/gm)]
    expect(urls).toHaveLength(4)
    for (const [, variable = '', host, port] of urls) {
      expect(host).toBe(variable.toLowerCase())
      const service = services.find(({ manifest }) => manifest.metadata.name === host)?.manifest as Manifest
      expect(service.spec).toMatchObject({ ports: [{ port: Number(port) }] })
    }
  })

  it('are told by the downward API where they run, in variables that the logger reads', () => {
    const fields = {
      POD_NAME: 'metadata.name',
      POD_NAMESPACE: 'metadata.namespace',
      NODE_NAME: 'spec.nodeName',
    }
    const environment = readPage('docs/reference/environment.md')
    for (const { name, workload } of logging) {
      const [container] = workload.template.spec.containers
      for (const [variable, fieldPath] of Object.entries(fields)) {
        expect(environment).toContain(`| \`${variable}\` |`)
        expect(container?.env).toContainEqual({ name: variable, valueFrom: { fieldRef: { fieldPath } } })
      }
      expect(container?.env).toContainEqual({ name: 'CONTAINER_NAME', value: name })
    }
  })

  it('set no variable that neither the logger nor TechFlow reads', () => {
    const set = [...read(`${folder}/techflow/techflow.env`).matchAll(/^(\w+)=/gm)].map(([, name = '']) => name)
    const known = `${readPage('docs/reference/environment.md')}${readme}`
    expect(set.filter((name) => !known.includes(`\`${name}\``))).toEqual([])
  })

  it('differ in their name, their port and how many there are, and in nothing else', () => {
    const plain = logging.map(({ name, workload }) => {
      const port = String(workload.template.spec.containers[0]?.ports[0]?.containerPort)
      const { topologySpreadConstraints: _, ...pod } = workload.template.spec as Record<string, unknown>
      return JSON.stringify(pod).replaceAll(name, 'NAME').replaceAll(port, 'PORT').replaceAll('"PORT"', 'PORT')
    })
    expect(new Set(plain).size).toBe(1)
  })
})
