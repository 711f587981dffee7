import fc from 'fast-check'
import type { LabelledLine } from './array-engine.js'

/** Where the lines' times begin, in nanoseconds since the epoch. */
export const base = 1_796_127_600_000_000_000n
const second = 1_000_000_000n

const word = fc.constantFrom('ERROR', 'error', 'done', 'a/b', 'grüße', '日本', 'x=1', '200', '1.5s', '')
const value = fc.oneof(
  word,
  fc.constantFrom(0, -0, 1, 200, 404.5, 1e3, -7, 9007199254740991),
  fc.boolean(),
  fc.constant(null),
  fc.constant({ nested: 'deep' }),
  fc.constant([1]),
)
const jsonLine = fc
  .record({ status: value, id: word, msg: word, took: value }, { requiredKeys: [] })
  .map((fields) => JSON.stringify(fields))
const line = fc.oneof(
  { weight: 5, arbitrary: jsonLine },
  { weight: 1, arbitrary: jsonLine.map((text) => text.replace('"status":', '"status":1,"status":')) },
  // An escaped letter, a number in another form, and a text that is cut off.
  { weight: 1, arbitrary: jsonLine.map((text) => text.replace('ERROR', '\\u0045RROR').replace(':200', ':2e2')) },
  {
    weight: 1,
    arbitrary: jsonLine.map((text) => text.replace('"took":', '" took":1,"took":').replace('"id"', '"i d"')),
  },
  { weight: 1, arbitrary: jsonLine.map((text) => text.slice(0, -3)) },
  { weight: 2, arbitrary: fc.tuple(word, word).map(([id, msg]) => `level=info id=${id} msg="${msg}"`) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
)

/** Lines of a few streams, many of them at the same time. */
export const lines: fc.Arbitrary<readonly LabelledLine[]> = fc.array(
  fc.record({
    labels: fc.constantFrom<Readonly<Record<string, string>>>(
      { app: 'api', level: 'ERROR' },
      { app: 'api', level: 'INFO' },
      { app: 'worker', pod: 'w-1' },
      { app: 'gateway', status: 'stream' },
    ),
    metadata: fc
      .record({ id: fc.constantFrom('', 'ERROR', 'm-1'), trace: fc.constantFrom('', 't-1', 't-2') })
      .map((all) => Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''))),
    time: fc.integer({ min: 0, max: 40 }).map((at) => base + BigInt(at) * (second / 2n)),
    line,
  }),
  { maxLength: 40 },
)

const quoted = fc
  .constantFrom('ERROR', 'error', 'a/b', '200', '日本', '', '{', 'm-1')
  .map((text) => JSON.stringify(text))
const pattern = fc.constantFrom('"(?i)error"', '"[0-9]{3}"', '"^.e"', '"日.$"', '"(?P<n>x)=1"', '`\\pL+`', '"(?<n>x)"')
const lineFilter = fc.oneof(
  fc.tuple(fc.constantFrom('|=', '!='), quoted).map(([operator, text]) => `${operator} ${text}`),
  fc.tuple(fc.constantFrom('|=', '!='), quoted, quoted).map(([operator, a, b]) => `${operator} ${a} or ${b}`),
  fc.tuple(fc.constantFrom('|~', '!~'), pattern).map(([operator, text]) => `${operator} ${text}`),
  fc.constantFrom('|> "<_>id<_>"', '!> "level<_>"', '|= ip("10.0.0.0/8")'),
)
const name = fc.constantFrom('status', 'id', 'msg', 'took', 'level', 'trace', 'pod', 'id_extracted', 'nested')
const numberOperator = fc.constantFrom('==', '!=', '>', '>=', '<', '<=')
const comparison = fc.oneof(
  fc.tuple(name, fc.constantFrom('=', '!='), quoted).map((parts) => parts.join('')),
  fc.tuple(name, fc.constantFrom('=~', '!~'), pattern).map((parts) => parts.join('')),
  fc
    .tuple(name, numberOperator, fc.constantFrom('200', '0', '404.5', '-7', '1s', '1KB'))
    .map((parts) => parts.join('')),
)
const labelFilter = fc.oneof(
  comparison,
  fc.tuple(comparison, fc.constantFrom(' and ', ' or ', ', '), comparison).map((parts) => parts.join('')),
)
const stage = fc.oneof(
  { weight: 4, arbitrary: lineFilter },
  { weight: 3, arbitrary: labelFilter.map((filter) => `| ${filter}`) },
  { weight: 4, arbitrary: fc.constant('| json') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '| logfmt',
      '| json status, other="took"',
      '| drop id',
      '| keep app, status',
      '| label_format id="{{.msg}}"',
      '| line_format "{{.id}} {{.status}}"',
      '| decolorize',
    ),
  },
)
const selector = fc.constantFrom('{app="api"}', '{app=~".+"}', '{app=~"api|worker", level!="ERROR"}', '{app="nobody"}')

/** Log queries. */
export const logQuery: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(selector, fc.array(stage, { maxLength: 4 })).map(([start, stages]) => [start, ...stages].join(' ')),
  // What an engine finds by a column.
  fc
    .tuple(
      fc.constantFrom('status', 'id', 'took', 'nested'),
      numberOperator,
      fc.constantFrom('200', '1', '-7', '404.5'),
    )
    .map((parts) => `{app=~"api|worker"} | json | ${parts.join('')}`),
  fc
    .tuple(fc.constantFrom('status', 'id'), quoted)
    .map(([field, text]) => `{app=~"api|worker"} | json | ${field}=${text} or msg="done"`),
)

const range = fc.constantFrom('[1s]', '[3s]', '[10s]', '[7s] offset 2s', '[1500ms]')
const lineOperators = ['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate', 'absent_over_time']
const rangeQuery = fc.oneof(
  fc
    .tuple(fc.constantFrom(...lineOperators), logQuery, range)
    .map(([operator, log, window]) => `${operator}(${log} | __error__="" ${window})`),
  fc
    .tuple(fc.constantFrom(...lineOperators), selector, fc.array(lineFilter, { maxLength: 2 }), range)
    .map(([operator, start, filters, window]) => `${operator}(${start} ${filters.join(' ')} ${window})`),
  fc
    .tuple(fc.constantFrom('sum_over_time', 'max_over_time', 'last_over_time', 'stddev_over_time'), logQuery, range)
    .map(([operator, log, window]) => `${operator}(${log} | json | unwrap status | __error__="" ${window})`),
)
const grouping = fc.constantFrom('', 'by (app)', 'by (id, level)', 'without (level)', 'by ()')

/** Metric queries. */
export const metricQuery: fc.Arbitrary<string> = fc.oneof(
  rangeQuery,
  fc
    .tuple(fc.constantFrom('sum', 'avg', 'count', 'max'), grouping, rangeQuery)
    .map(([operator, by, of]) => `${operator} ${by} (${of})`),
  fc.tuple(rangeQuery, rangeQuery).map(([a, b]) => `sum by (app) (${a}) / sum by (app) (${b})`),
  rangeQuery.map((of) => `sum by (app) (${of}) > 1`),
)
