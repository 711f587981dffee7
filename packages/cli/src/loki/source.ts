import type { Source } from '../input/source.js'
import { nameOf } from './client.js'
import type { Connection } from './connection.js'
import { pages, type Range } from './pages.js'

/** Every stream: Loki gives each the label since 3.0, and wants one matcher that matches no empty value. */
export const EVERY_STREAM = '{service_name=~".+"}'

/** Lines of a store in the place of a file's. */
export interface LokiQuery {
  readonly connection: Connection
  readonly range: Range
  /** Lines that are fetched at most. */
  readonly lines: number
}

/** Pages become blocks of about this size. */
const BLOCK_CHARACTERS = 256 * 1024

/** A Loki as a source: what reads files reads it too. */
export function lokiSource(query: LokiQuery): Source {
  const { connection, range, lines } = query
  return {
    name: `${nameOf(connection)} ${range.query}`,
    path: undefined,
    size: undefined,
    remote: {
      async *open(signal, onDamage) {
        for await (const page of pages(connection, range, { lines, onCut: onDamage }, signal)) yield* blocks(page)
      },
      narrowed: (texts) => lokiSource({ ...query, range: { ...range, query: withTexts(range.query, texts) } }),
    },
  }
}

function* blocks(lines: readonly string[]): Generator<Buffer> {
  let text = ''
  for (const line of lines) {
    text += line.endsWith('\n') ? line : `${line}\n`
    if (text.length < BLOCK_CHARACTERS) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

/** Only lines that hold one of the texts: the store looks for them, and only they cross the network. */
function withTexts(query: string, texts: readonly string[]): string {
  const [first = ''] = texts
  const pattern = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const filter = texts.length === 1 ? `|= ${JSON.stringify(first)}` : `|~ ${JSON.stringify(pattern)}`
  // Behind the stream selector, before any parser: of the log line itself.
  const end = selectorEnd(query)
  return `${query.slice(0, end)} ${filter}${query.slice(end)}`
}

function selectorEnd(query: string): number {
  let isQuoted: string | undefined
  for (let at = 0; at < query.length; at++) {
    const character = query[at]
    if (isQuoted !== undefined) {
      if (character === '\\' && isQuoted === '"') at++
      else if (character === isQuoted) isQuoted = undefined
    } else if (character === '"' || character === '`') isQuoted = character
    else if (character === '}') return at + 1
  }
  return query.length
}
