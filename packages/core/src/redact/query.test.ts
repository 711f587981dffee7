import { describe, expect, it } from 'vitest'
import { context, createLogger, memory } from '../index.js'

const CANARY = 'cAnArY7f3a91'
const HIDDEN = '***REDACTED***'
const destination = memory()
const log = createLogger({ env: {}, service: 's', destination })
const encoded = (url: string) => encodeURIComponent(url)

function lines(fields: Readonly<Record<string, unknown>>): string {
  destination.clear()
  log.info('m', fields)
  log.info('m', { req: fields })
  log.child(fields).info('m')
  context.run(fields, () => log.info('m'))
  return destination.lines.join('\n')
}

describe('a query', () => {
  it.each<Record<string, unknown>>([
    { query: { code: CANARY, state: 'x' } },
    { query: { sig: CANARY, page: '2' } },
    { query: new Map([['signature', CANARY]]) },
    { query: new URLSearchParams({ code: CANARY, state: 'x' }) },
    { params: new URLSearchParams({ code: CANARY, state: 'x' }) },
    { params: new URLSearchParams({ next: `https://h/?token=${CANARY}` }) },
    {
      query: [
        ['code', CANARY],
        ['state', 'x'],
      ],
    },
    { query: { 'X-Amz-Signature': [CANARY, CANARY] } },
    { queryStringParameters: { code: CANARY, state: 'x' } },
    { searchParams: { hmac: CANARY } },
    { query_params: { sig: CANARY } },
    { query: { next: `https://h/?token=${CANARY}` } },
    { query: { next: encoded(`https://h/?access_token=${CANARY}`) } },
    { query: { next: [`/cb?code=${CANARY}&state=x`] } },
    { query: `sig=${CANARY}&page=2` },
    { query: `code=${CANARY}&state=x` },
    { search: `?code=${CANARY}&state=x` },
    { query: Object.assign(Object.create(null), { code: CANARY, state: 'x' }) },
    { argv: ['node', 'cli.js', `--token=${CANARY}`] },
    { argv: ['node', 'cli.js', '--token', CANARY] },
  ])('has no secret in %j', (fields) => {
    expect(lines(fields)).not.toContain(CANARY)
  })

  it('keeps what only looks like one', () => {
    for (const query of [{ code: 'DE', page: '2' }, { state: 'open', q: 'shoes' }, { next: '/orders?page=2' }]) {
      destination.clear()
      log.info('m', { query, argv: ['--level=info', '--author=amy'] })
      expect(destination.records[0]).toMatchObject({ query, argv: ['--level=info', '--author=amy'] })
    }
    destination.clear()
    log.info('m', { item: { code: 'A1', state: 'open', signature: 'Ada' } })
    expect(destination.records[0]?.item).toEqual({ code: 'A1', state: 'open', signature: 'Ada' })
  })

  it('is not changed where it is the caller’s', () => {
    const query = { code: CANARY, state: 'x' }
    lines({ query })
    expect(query).toEqual({ code: CANARY, state: 'x' })
  })
})

describe('a name that bears a URL', () => {
  const url = `https://ada:${CANARY}@h/cb?access_token=${CANARY}&page=2`
  it.each<Record<string, unknown>>([
    ...[
      'url',
      'url.original',
      'url.full',
      'url_full',
      'http.url',
      'endpoint',
      'origin',
      'proxy',
      'link',
      'location',
      'referer',
    ].map((name) => ({ [name]: url })),
    ...['httpsProxy', 'links', 'redirect', 'callback', 'imageUrls', 'upstreamUri', 'baseURL', 'Location'].map(
      (name) => ({
        [name]: [url],
      }),
    ),
    { 'http.target': `/cb?code=${CANARY}&state=x` },
    { http: { target: `/cb?token=${CANARY}`, request: { referrer: url } } },
    { url: { full: url, original: url, query: `token=${CANARY}`, domain: 'h' } },
    { url: { query: `code=${CANARY}&state=x` } },
    { url: { parts: [{ raw: url }] } },
  ])('is looked into: %j', (fields) => {
    expect(lines(fields)).not.toContain(CANARY)
  })

  it('keeps the rest of it', () => {
    destination.clear()
    log.info('m', {
      url: { full: `https://h/?token=${CANARY}&page=2`, domain: 'h', port: 443 },
      origin: 'https://h',
      link: 'see token',
    })
    expect(destination.records[0]).toMatchObject({
      url: { full: `https://h/?token=${HIDDEN}&page=2`, domain: 'h', port: 443 },
      origin: 'https://h',
      link: 'see token',
    })
  })
})
