import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { context, createLogger, type FormatName, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { blocks, readPage, root } from './markdown.js'

const FOLDER = 'examples/collectors'

interface Page {
  readonly format: FormatName
  /** The files that it shows, in their order. */
  readonly files: readonly string[]
  /** What names a field in its queries. */
  readonly names: RegExp
  /** Where the names begin, where not at the top of the line. */
  readonly inside?: string
}

const PAGES: Readonly<Record<string, Page>> = {
  'collect-with-fluent-bit': { format: 'ecs', files: ['fluent-bit.yaml'], names: /([\w.]+) : / },
  'collect-with-fluentd': { format: 'ecs', files: ['fluentd.conf'], names: /([\w.]+) : / },
  'collect-with-logstash': { format: 'ecs', files: ['filebeat.yml', 'logstash.conf'], names: /([\w.]+) : / },
  'ship-to-cloudwatch': {
    format: 'cloudwatch',
    files: ['cloudwatch-agent.json'],
    names: /(?:fields @timestamp, |filter |and |, |by )(\w+)(?= (?:=|>=)|,|$)/m,
  },
  'ship-to-cloud-logging': {
    format: 'gcp',
    files: ['ops-agent.yaml'],
    names: /(?:jsonPayload\.|(?=httpRequest))([\w.]+)(?:=|>=)/,
  },
  'ship-to-datadog': { format: 'datadog', files: ['datadog.yaml'], names: /@([\w.]+):/ },
  'ship-to-splunk': {
    format: 'splunk',
    files: ['splunk-inputs.conf', 'splunk-props.conf'],
    names: /(?:(?<=main )|table _time source |by |perc99\()(\w+)/,
    inside: 'event',
  },
}

const completed = {
  method: 'POST',
  path: '/charges',
  user_agent: 'curl/8.5.0',
  remote_addr: '192.0.2.7',
  route: '/charges',
  status_code: 502,
  response_time_ms: 12.345,
}

/** A request that failed, as `@throughline/http` logs its end. */
function line(format: FormatName): string {
  const destination = memory()
  const env = { SERVICE_VERSION: '1.4.2', POD_NAME: 'api-7d9f', GOOGLE_CLOUD_PROJECT: 'shop-1' }
  const log = createLogger({ service: 'api-service', format, destination, env })
  const ids = { request_id: 'req-123-abc', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }
  context.run({ ...ids, user_id: 'user-456' }, () => log.error('Request completed', completed))
  return destination.lines[0] ?? ''
}

function record(format: FormatName): Record<string, unknown> {
  return JSON.parse(line(format)) as Record<string, unknown>
}

const TIMES = ['timestamp', '@timestamp', 'time']

function timeless(fields: unknown): unknown {
  return Object.fromEntries(Object.entries(fields as object).filter(([name]) => !TIMES.includes(name)))
}

/** As Elasticsearch has dotted names. */
function expanded(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    const path = name.split('.')
    const last = path.pop() as string
    let at = document
    for (const part of path) {
      at[part] ??= {}
      at = at[part] as Record<string, unknown>
    }
    at[last] = value
  }
  return document
}

/** Whether a field is there: under its whole name, or by its path. */
function has(fields: Record<string, unknown>, name: string): boolean {
  if (name in fields) return true
  const [first = '', ...rest] = name.split('.')
  const inner = fields[first]
  return (
    rest.length > 0 &&
    typeof inner === 'object' &&
    inner !== null &&
    has(inner as Record<string, unknown>, rest.join('.'))
  )
}

function fileText(name: string): string {
  return readFileSync(join(root, FOLDER, name), 'utf8').trimEnd()
}

describe.each(Object.entries(PAGES))('docs/how-to/%s.md', (page, { format, files, names, inside }) => {
  const path = `docs/how-to/${page}.md`
  const all = blocks(path)
  const lines = all.filter(({ language, text }) => language === 'json' && !text.includes('\n'))

  it('shows the line that is written', () => {
    expect(timeless(JSON.parse(lines[0]?.text ?? ''))).toEqual(timeless(record(format)))
    expect(Object.keys(JSON.parse(lines[0]?.text ?? '') as object)).toEqual(Object.keys(record(format)))
  })

  it('shows and links the files, and says which format to set', () => {
    for (const name of files) {
      expect(all.map(({ text }) => text)).toContain(fileText(name))
      expect(readPage(path)).toContain(`../../${FOLDER}/${name}`)
    }
    expect(readPage(path)).toContain(`\`LOG_FORMAT=${format}\``)
  })

  it('asks for fields that are on the line', () => {
    const isQuery = (text: string) => !files.some((name) => fileText(name) === text)
    const queries = all.filter(({ language, text }) => language === 'text' && isQuery(text)).map(({ text }) => text)
    const within = [...readPage(path).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string)
    const asked = [...queries, ...within].flatMap((text) =>
      [...text.matchAll(new RegExp(names, `${names.flags}g`))].map(([, name]) => name as string),
    )
    const own = record(format)
    const fields = (inside === undefined ? own : own[inside]) as Record<string, unknown>
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((name) => !has(fields, name))).toEqual([])
    // And the request by its id.
    expect(queries.some((text) => text.includes('req-123-abc'))).toBe(true)
  })
})

it('every file of a collector is shown on a page', () => {
  const shown = Object.values(PAGES).flatMap(({ files }) => files)
  expect(readdirSync(join(root, FOLDER)).sort()).toEqual([...shown].sort())
})

it('Elasticsearch has the line as the document that is shown', () => {
  const [, document] = blocks('docs/how-to/collect-with-logstash.md').filter(({ language }) => language === 'json')
  expect(timeless(JSON.parse(document?.text ?? ''))).toEqual(timeless(expanded(record('ecs'))))
})

describe('a configuration', () => {
  const names = readdirSync(join(root, FOLDER))

  it.each(names.filter((name) => /\.ya?ml$/.test(name)))('%s is YAML', (name) => {
    expect(parse(fileText(name), { strict: true, uniqueKeys: true })).toEqual(expect.any(Object))
  })

  it('cloudwatch-agent.json is JSON', () => {
    expect(JSON.parse(fileText('cloudwatch-agent.json'))).toHaveProperty('logs.logs_collected.files.collect_list')
  })

  it('fluentd.conf closes what it opens', () => {
    const open: string[] = []
    for (const [, slash, name] of fileText('fluentd.conf').matchAll(/^\s*<(\/?)(\w+)[^>]*>$/gm)) {
      if (slash === '') open.push(name as string)
      else expect(open.pop()).toBe(name)
    }
    expect(open).toEqual([])
  })

  it('logstash.conf has its sections, their plugins and balanced braces', () => {
    const text = fileText('logstash.conf').replaceAll(/"[^"]*"|#.*/g, '')
    expect(text.split('{').length).toBe(text.split('}').length)
    expect([...text.matchAll(/^(\w+) \{$/gm)].map(([, name]) => name)).toEqual(['input', 'output'])
  })

  it.each(['splunk-inputs.conf', 'splunk-props.conf'])('%s has a stanza of settings', (name) => {
    const [stanza, ...settings] = fileText(name)
      .split('\n')
      .filter((text) => !text.startsWith('#'))
    expect(stanza).toMatch(/^\[.+\]$/)
    for (const setting of settings) expect(setting).toMatch(/^\w+ = \S/)
  })
})

describe('the time on a line is read by', () => {
  /** A `strptime` format, as a pattern for the whole text. */
  function pattern(format: string): RegExp {
    const parts: Readonly<Record<string, string>> = { Y: '\\d{4}', L: '\\d{3}', f: '\\d{1,9}', '3N': '\\d{3}', z: 'Z' }
    return new RegExp(
      `^${format.replace('.', '\\.').replaceAll(/%(3N|\w)/g, (_, code: string) => parts[code] ?? '\\d{2}')}$`,
    )
  }

  const setting = (name: string, key: string) =>
    new RegExp(`${key}"?\\s*[:= ]\\s*['"]?([^'"\\n,]+)`).exec(fileText(name))?.[1] ?? ''

  it.each([
    ['fluent-bit.yaml', 'ecs', '@timestamp', 'time_format'],
    ['fluentd.conf', 'ecs', '@timestamp', 'time_format'],
    ['ops-agent.yaml', 'gcp', 'time', 'time_format'],
  ] as const)('%s', (name, format, field, key) => {
    expect(setting(name, 'time_key')).toBe(field)
    expect(record(format)[field]).toMatch(pattern(setting(name, key)))
  })

  it('cloudwatch-agent.json, which looks for it anywhere in the line', () => {
    const format = setting('cloudwatch-agent.json', 'timestamp_format')
    expect(String(record('cloudwatch').timestamp).slice(0, -1)).toMatch(pattern(format))
  })

  it('splunk-props.conf, which leaves a line whole', () => {
    const prefix = /TIME_PREFIX = (.+)/.exec(fileText('splunk-props.conf'))?.[1] ?? ''
    const text = line('json')
    const rest = text.slice(new RegExp(prefix).exec(text)?.[0].length)
    const length = Number(setting('splunk-props.conf', 'MAX_TIMESTAMP_LOOKAHEAD'))
    expect(rest.slice(0, length)).toMatch(pattern(setting('splunk-props.conf', 'TIME_FORMAT')))
    expect(Number(setting('splunk-props.conf', 'TRUNCATE'))).toBeGreaterThanOrEqual(16 * 1024)
  })
})
