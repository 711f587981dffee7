import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Block, type Expression, parseAlloy } from './alloy-syntax.js'
import { folder, kustomizations, manifests, read } from './manifests.js'

/** Of each component and block that is used: what it must have, what it may have, and what it exports (Alloy 1.18). */
const REFERENCE: Record<string, { must?: string[]; may?: string[]; blocks?: string[]; exports?: string[] }> = {
  'discovery.kubernetes': {
    must: ['role'],
    may: ['kubeconfig_file'],
    blocks: ['namespaces', 'selectors'],
    exports: ['targets'],
  },
  namespaces: { may: ['names', 'own_namespace'] },
  selectors: { must: ['role'], may: ['field', 'label'] },
  'discovery.relabel': { must: ['targets'], blocks: ['rule'], exports: ['output', 'rules'] },
  rule: { may: ['action', 'modulus', 'regex', 'replacement', 'separator', 'source_labels', 'target_label'] },
  'local.file_match': { must: ['path_targets'], may: ['sync_period', 'ignore_older_than'], exports: ['targets'] },
  'loki.source.file': {
    must: ['targets', 'forward_to'],
    may: ['tail_from_end', 'encoding', 'on_positions_file_error'],
  },
  'loki.process': {
    must: ['forward_to'],
    blocks: [
      'stage.cri',
      'stage.json',
      'stage.timestamp',
      'stage.template',
      'stage.labels',
      'stage.structured_metadata',
      'stage.label_keep',
    ],
    exports: ['receiver'],
  },
  'stage.cri': { may: ['max_partial_lines', 'max_partial_line_size', 'max_partial_line_size_truncate'] },
  'stage.json': { may: ['expressions', 'regex', 'drop_malformed', 'source'] },
  'stage.timestamp': {
    must: ['source', 'format'],
    may: ['action_on_failure', 'action_on_duplicate_timestamp', 'fallback_formats', 'location'],
  },
  'stage.template': { must: ['source', 'template'] },
  'stage.labels': { may: ['values', 'source_type'] },
  'stage.structured_metadata': { may: ['values', 'regex'] },
  'stage.label_keep': { may: ['values'] },
  'loki.write': { may: ['external_labels', 'max_streams'], blocks: ['endpoint'], exports: ['receiver'] },
  endpoint: {
    must: ['url'],
    may: ['batch_size', 'batch_wait', 'max_backoff_period', 'max_backoff_retries', 'min_backoff_period', 'tenant_id'],
  },
}

const config = parseAlloy(read(`${folder}/alloy/config.alloy`))

describe('the configuration of Alloy', () => {
  it('uses components, blocks and arguments that there are, and leaves out none that it must have', () => {
    const check = ({ name, attributes, blocks }: Block): void => {
      const { must = [], may = [], blocks: inner = [] } = REFERENCE[name] ?? expect.fail(`no ${name}`)
      const given = Object.keys(attributes)
      expect(given, name).toEqual(expect.arrayContaining(must))
      expect([...must, ...may], name).toEqual(expect.arrayContaining(given))
      expect(inner, name).toEqual(expect.arrayContaining(blocks.map((block) => block.name)))
      blocks.forEach(check)
    }
    config.forEach(check)
  })

  it('refers to what its components export', () => {
    const exported = config.flatMap(({ name, label }) =>
      (REFERENCE[name]?.exports ?? []).map((value) => `${name}.${label}.${value}`),
    )
    const references = config.flatMap((block) => expressionsOf(block)).filter(({ kind }) => kind === 'reference')
    expect(references.length).toBeGreaterThan(4)
    for (const reference of references) expect(exported).toContain((reference as { path: string }).path)
  })

  it('looks for pods only in namespaces that let it see them', () => {
    const found = config.find(({ name }) => name === 'discovery.kubernetes')
    const names = found?.blocks.find(({ name }) => name === 'namespaces')?.attributes.names
    const namespaces = names?.kind === 'list' ? names.items.map((item) => item.kind === 'value' && item.value) : []
    const letting = manifests()
      .filter(({ manifest }) => manifest.kind === 'RoleBinding')
      .map(({ file }) => kustomizations().get(`${folder}/${dirname(file)}`)?.namespace)
    expect(letting.length).toBeGreaterThan(0)
    expect(namespaces).toEqual(letting)
  })

  it('asks only for variables that its pod has', () => {
    const calls = config.flatMap((block) => expressionsOf(block)).flatMap((one) => (one.kind === 'call' ? [one] : []))
    const pod = JSON.stringify(manifests().find(({ manifest }) => manifest.kind === 'DaemonSet'))
    expect(calls).toHaveLength(2)
    for (const {
      path,
      arguments: [name],
    } of calls) {
      expect(path).toBe('sys.env')
      expect(pod).toContain(`{"name":"${name?.kind === 'value' ? name.value : ''}",`)
    }
  })
})

function expressionsOf({ attributes, blocks }: Block): Expression[] {
  return [...Object.values(attributes).flatMap(within), ...blocks.flatMap(expressionsOf)]
}

function within(expression: Expression): Expression[] {
  if (expression.kind === 'list') return expression.items.flatMap(within)
  if (expression.kind === 'object') return Object.values(expression.entries).flatMap(within)
  return expression.kind === 'sum' ? expression.terms.flatMap(within) : [expression]
}

describe('the reader of that configuration', () => {
  it.each([
    ['a block that is not closed', 'loki.write "a" {', 'the end'],
    ['two attributes on a line', 'a "b" {\n  c = 1 d = 2\n}', 'line 2'],
    ['an attribute twice', 'a "b" {\n  c = 1\n  c = 2\n}', 'line 3'],
    ['a missing comma', 'a "b" {\n  c = ["d" "e"]\n}', 'line 2'],
    ['a text that does not end', 'a "b" {\n  c = "d\n}', 'line 2'],
    ['an attribute outside a component', 'a = 1', 'the end'],
    ['a bracket too many', 'a "b" { }\n}', 'line 2'],
  ])('refuses %s', (_, text, words) => {
    expect(() => parseAlloy(text)).toThrow(words)
  })
})
