import { wordsOf } from './names.js'

/**
 * Keys whose text is looked into for names beside values without any detector on:
 *
 * - `text`: headers, alone or in a list;
 * - `url`: a URL or a part of one, and what an object under such a key holds (`url: { full }`, as ECS and OpenTelemetry have it);
 * - `query`: a query, as a text or an object;
 * - `path`: the path of a request, where it has a query.
 */
export type TextKey = 'text' | 'url' | 'query' | 'path'

/** Behind these nothing else may stand. */
const LAST: Readonly<Record<string, TextKey>> = Object.assign(Object.create(null), {
  ...kinds('text', 'header headers'),
  ...kinds('url', 'href referer referrer location endpoint origin proxy link links redirect callback'),
  ...kinds('query', 'query querystring queries qs search'),
  ...kinds('path', 'path target'),
})
/** Anywhere in a key: `url.original`, `http.url`, `imageUrls`. */
const ADDRESS =
  /^(?:base|image|site|web|page|link|file|full|original|src|api|target|request|redirect|callback|web)?ur[il]s?$/
/** Of two words: `query_params`, `searchParams`, `multiValueQueryStringParameters`. */
const PARAMETERS = /^(?:params?|parameters?|string|args|arguments)$/

export function textKeyOf(key: string): TextKey | undefined {
  if (key.length > LONGEST_KEY) return undefined
  const words = wordsOf(key)
  const last = words.at(-1) ?? ''
  const isQuery = words.some((word) => word === 'query' || word === 'search' || word === 'querystring')
  if (isQuery && PARAMETERS.test(last)) return 'query'
  const kind = LAST[last]
  if (kind !== undefined && kind !== 'path') return kind
  if (words.some((word) => ADDRESS.test(word)) || /ur[il]s?$|href$/.test(last)) return 'url'
  return kind ?? (/path$/.test(last) ? 'path' : /(?:headers?|query)$/.test(last) ? 'text' : undefined)
}

const LONGEST_KEY = 100

function kinds(kind: TextKey, words: string): Record<string, TextKey> {
  return Object.fromEntries(words.split(' ').map((word) => [word, kind]))
}
