import { describe, expect, it } from 'vitest'
import { compileLiterals } from './literals.js'
import { documents, folder, manifests, read } from './manifests.js'

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly datasource: { readonly uid: string; readonly type: string }
  readonly options?: object
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets: readonly { readonly refId: string; readonly expr: string; readonly datasource: { uid: string } }[]
}

const dashboard = JSON.parse(read(`${folder}/grafana/dashboards/techflow.json`)) as {
  readonly uid: string
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly { readonly name: string; readonly datasource?: { uid: string } }[] }
}
const provisioned = documents(`${folder}/grafana/provisioning/datasources.yaml`)[0] as {
  readonly datasources: readonly { readonly uid: string; readonly type: string; readonly url: string }[]
}
const providers = documents(`${folder}/grafana/provisioning/dashboards.yaml`)[0] as {
  readonly providers: readonly { readonly options: { readonly path: string } }[]
}

describe('the dashboard', () => {
  it('has the form that Grafana publishes for dashboards and for panels of logs', () => {
    const logs = dashboard.panels.filter(({ type }) => type === 'logs')
    const problems = compileLiterals([
      { name: 'dashboard', value: dashboard, type: 'Dashboard', from: '@grafana/schema' },
      ...logs.map(({ title, options }) => ({
        name: title,
        value: options,
        type: 'Options',
        // Its enums take no text, so the options' names alone are compared.
        as: 'Partial<Record<keyof Options, unknown>>',
        from: '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen',
      })),
    ])
    expect([...problems]).toEqual([...problems.keys()].map((name) => [name, []]))
  }, 120_000)

  it('has panels that are told apart, with a place of their own', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [i, a] of dashboard.panels.entries()) {
      expect(a.gridPos.x + a.gridPos.w, a.title).toBeLessThanOrEqual(24)
      for (const b of dashboard.panels.slice(i + 1)) expect(overlap(a, b), `${a.title} on ${b.title}`).toBe(false)
    }
  })

  it('asks the data source that is provisioned', () => {
    const [source] = provisioned.datasources
    expect(provisioned.datasources).toHaveLength(1)
    const asked = dashboard.panels.flatMap(({ datasource, targets }) => [
      datasource,
      ...targets.map((target) => target.datasource),
    ])
    const filledBy = dashboard.templating.list.flatMap(({ datasource }) => datasource ?? [])
    for (const { uid } of [...asked, ...filledBy]) expect(uid).toBe(source?.uid)
  })

  it('uses only variables that it has, and has none that nobody uses', () => {
    const text = JSON.stringify(dashboard.panels.map(({ targets }) => targets.map(({ expr }) => expr)))
    const used = [...text.matchAll(/\$([a-z]\w*)/g)].map(([, name]) => name)
    expect([...new Set(used)].sort()).toEqual(dashboard.templating.list.map(({ name }) => name).sort())
  })

  it('shows rate, errors, duration, the slowest, and one request', () => {
    for (const { title, targets } of dashboard.panels) {
      expect(targets.length, title).toBeGreaterThan(0)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
    }
    const titles = dashboard.panels.map(({ title }) => title)
    const story = ['Requests a second', 'Failed requests', 'Duration', 'Slowest requests', 'Errors by type']
    expect(titles).toEqual(expect.arrayContaining([...story, 'One request, through all services']))
  })
})

describe('what is provisioned', () => {
  it('is mounted where Grafana is told to look', () => {
    const grafana = JSON.stringify(manifests().find(({ file }) => file === 'grafana/grafana.yaml')?.manifest)
    for (const { options } of providers.providers) expect(grafana).toContain(`"mountPath":"${options.path}"`)
    expect(grafana).toContain('"mountPath":"/etc/grafana/provisioning/datasources"')
    expect(grafana).toContain('"mountPath":"/etc/grafana/provisioning/dashboards"')
  })

  it('finds Loki by the name and the port of its Service, as the collectors do', () => {
    const services = manifests().filter(({ manifest }) => manifest.kind === 'Service')
    const loki = services.find(({ manifest }) => manifest.metadata.name === 'loki')?.manifest.spec
    const port = (loki as { ports: { port: number }[] } | undefined)?.ports[0]?.port
    const url = `http://loki.observability.svc:${port}`
    expect(provisioned.datasources[0]?.url).toBe(url)
    expect(read(`${folder}/alloy/alloy.yaml`)).toContain(`value: ${url}\n`)
    expect(read(`${folder}/promtail/promtail.yaml`)).toContain(`url: ${url}/loki/api/v1/push\n`)
  })
})

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}
