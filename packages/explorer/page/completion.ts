import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { quoted } from './edit-query.js'

/** Where names and values come from. */
export interface Vocabulary {
  labels(): Promise<readonly string[]>
  labelValues(label: string): Promise<readonly string[]>
  /** Fields of the lines that were found. */
  fields(): readonly string[]
  fieldValues(name: string): readonly string[]
}

const RANGE_FUNCTIONS = [
  'rate',
  'count_over_time',
  'bytes_rate',
  'bytes_over_time',
  'sum_over_time',
  'avg_over_time',
  'max_over_time',
  'min_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
  'absent_over_time',
  'stddev_over_time',
]
const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'sort', 'sort_desc', 'stddev']
const STAGES: readonly (readonly [label: string, detail: string])[] = [
  ['json', 'take fields out of JSON'],
  ['logfmt', 'take fields out of logfmt'],
  ['pattern', 'take fields out by a pattern'],
  ['regexp', 'take fields out by a regular expression'],
  ['line_format', 'write the line anew'],
  ['label_format', 'rename or compute a field'],
  ['unwrap', 'a number to compute with'],
  ['keep', 'keep only these fields'],
  ['drop', 'leave fields out'],
]

const NAME = String.raw`[A-Za-z_][\w.]*`
const OPEN_VALUE = new RegExp(String.raw`(${NAME})\s*(?:=~|!~|!=|==|=)\s*"([^"]*)$`)
const WORD = /[\w.]*$/

/** What can follow at a place of a query. */
export function complete(vocabulary: Vocabulary): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async (context) => {
    const before = context.state.sliceDoc(0, context.pos)
    const inBraces = before.lastIndexOf('{') > before.lastIndexOf('}')
    const value = OPEN_VALUE.exec(before)
    if (value !== null) return values(vocabulary, value, inBraces, context.pos)
    const word = WORD.exec(before)?.[0] ?? ''
    const from = context.pos - word.length
    const options = await namesAt(vocabulary, before.slice(0, before.length - word.length), inBraces)
    if (options.length === 0 || (word === '' && !context.explicit && !/[{,|(]\s*$/.test(before))) return null
    return { from, options: [...options], validFor: /^[\w.]*$/ }
  }
}

async function values(
  vocabulary: Vocabulary,
  [, name = '', typed = '']: RegExpExecArray,
  inBraces: boolean,
  position: number,
): Promise<CompletionResult> {
  const found = inBraces ? await vocabulary.labelValues(name) : vocabulary.fieldValues(name)
  const options = found.map((value) => ({ label: value, apply: quoted(value).slice(1, -1), type: 'text' }))
  return { from: position - typed.length, options, validFor: /^[^"]*$/ }
}

async function namesAt(vocabulary: Vocabulary, before: string, inBraces: boolean): Promise<readonly Completion[]> {
  if (inBraces) return named(await vocabulary.labels(), 'property', '="')
  if (/\b(?:by|without|on|ignoring)\s*\([^)]*$/.test(before))
    return named([...(await vocabulary.labels()), ...vocabulary.fields()], 'property')
  if (/\|\s*$/.test(before)) {
    const stages = STAGES.map(([label, detail]) => ({ label, detail, type: 'keyword', boost: 1 }))
    return [...stages, ...named(vocabulary.fields(), 'property')]
  }
  if (/(?:\||\band|\bor)\s+$|\bunwrap\s+$/.test(before)) return named(vocabulary.fields(), 'property')
  if (/(?:^|[(\s,])$/.test(before) && !/[}\]]\s*$/.test(before))
    return [
      ...AGGREGATIONS.map((label) => ({ label, type: 'function', apply: `${label}(` })),
      ...RANGE_FUNCTIONS.map((label) => ({ label, type: 'function', apply: `${label}(` })),
    ]
  return []
}

function named(names: readonly string[], type: string, rest = ''): readonly Completion[] {
  return [...new Set(names)].map((label) => ({ label, type, apply: `${label}${rest}` }))
}
