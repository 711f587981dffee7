import { describe, expect, it } from 'vitest'
import { namesIn } from '../logql/names.js'
import { documents, folder, manifests } from './manifests.js'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const file = documents(`${folder}/loki/rules/techflow.yaml`)[0] as {
  readonly groups: readonly { readonly name: string; readonly interval: string; readonly rules: readonly Rule[] }[]
}
const rules = file.groups.flatMap((group) => group.rules)
const DURATION = /^\d+[smhdwy]$/

interface Limits {
  readonly retention_period: string
  readonly retention_stream: readonly {
    readonly selector: string
    readonly priority: number
    readonly period: string
  }[]
}

const config = documents(`${folder}/loki/config.yaml`)[0] as { limits_config: Limits; compactor: object }
const helm = documents(`${folder}/loki/helm-values.yaml`)[0] as { loki: { limits_config: Limits; compactor: object } }

describe('the rules of the ruler', () => {
  it('have the form of Prometheus rules, and no key beside it', () => {
    expect(Object.keys(file)).toEqual(['groups'])
    expect(new Set(file.groups.map(({ name }) => name)).size).toBe(file.groups.length)
    for (const { name, interval, rules, ...rest } of file.groups) {
      expect(rest, name).toEqual({})
      expect(interval).toMatch(DURATION)
      expect(rules.length).toBeGreaterThan(0)
    }
    for (const { alert, expr: _, for: lasting = '0s', labels, annotations, ...rest } of rules) {
      expect(rest, alert).toEqual({})
      expect(alert).toMatch(/^[A-Z]\w+$/)
      expect(lasting).toMatch(DURATION)
      expect(['page', 'ticket']).toContain(labels.severity)
      expect(annotations.summary, alert).toBeTypeOf('string')
    }
  })

  it('say in words only labels that their expression keeps', () => {
    for (const { alert, expr, annotations } of rules) {
      const said = [...(annotations.summary ?? '').matchAll(/\$labels\.(\w+)/g)].map(([, name = '']) => name)
      // What is absent has the labels that it is asked for by; the rest is grouped by what follows `by`.
      const { labels } = namesIn(expr)
      const kept = expr.startsWith('absent') ? labels : [...(/\bby \(([^)]+)\)/.exec(expr)?.[1]?.split(/,\s*/) ?? [])]
      expect(kept, alert).toEqual(expect.arrayContaining(said))
    }
  })

  it('watch the errors, one type of error, the duration, and the silence of each service that logs', () => {
    const silent = rules.filter(({ alert }) => alert === 'Silence').map(({ expr }) => /app="(\w+)"/.exec(expr)?.[1])
    const logging = manifests()
      .filter(({ file, manifest }) => file.startsWith('techflow/') && manifest.kind === 'Deployment')
      .map(({ manifest }) => manifest.metadata.name)
      .filter((name) => name !== 'database')
    expect(silent.sort()).toEqual(logging.sort())
    expect(rules.map(({ alert }) => alert)).toEqual(expect.arrayContaining(['ErrorShare', 'DatabaseGone', 'Slow']))
  })
})

describe('retention', () => {
  it('keeps debug lines for 7 days, others for 30, audit lines for 90, whatever their level', () => {
    const { retention_period, retention_stream } = config.limits_config
    const hours = (period: string) => Number(/^(\d+)h$/.exec(period)?.[1]) / 24
    expect(hours(retention_period)).toBe(30)
    const byPriority = [...retention_stream].sort((a, b) => b.priority - a.priority)
    expect(byPriority.map(({ selector, period }) => [selector, hours(period)])).toEqual([
      ['{log_type="audit"}', 90],
      ['{level=~"TRACE|DEBUG"}', 7],
    ])
    expect(config.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' })
  })

  it('is the same on object storage', () => {
    const { retention_period, retention_stream } = config.limits_config
    expect(helm.loki.limits_config).toMatchObject({ retention_period, retention_stream })
    expect(helm.loki.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 's3' })
  })
})
