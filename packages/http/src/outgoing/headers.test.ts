import { describe, expect, it } from 'vitest'
import { addHeaders } from './headers.js'

const IDS = { 'x-request-id': 'r-1', traceparent: '00-t', tracestate: 's=1' }

function* pairs(): Generator<[string, string]> {
  yield ['a', '1']
  yield ['A', '2']
  yield ['a', '3']
}

describe('addHeaders', () => {
  it.each([
    ['none', undefined, IDS],
    ['null', null, IDS],
    ['an object', { a: '1', b: ['2', '3'] }, { a: '1', b: ['2', '3'], ...IDS }],
    ['a flat list', ['a', '1'], ['a', '1', ...Object.entries(IDS).flat()]],
    ['a list of pairs', [['a', '1']], [['a', '1'], ...Object.entries(IDS)]],
    ['Headers', new Headers({ a: '1' }), { a: '1', ...IDS }],
    ['a Map', new Map([['a', '1']]), { a: '1', ...IDS }],
    ['a generator, with names that repeat', pairs(), { a: ['1', '3'], A: '2', ...IDS }],
  ])('adds to %s', (_, given, expected) => {
    const { headers, added } = addHeaders(given, IDS)
    expect(headers).toEqual(expected)
    expect(added).toEqual(IDS)
  })

  it.each([
    ['an object', { 'X-REQUEST-ID': 'mine' }],
    ['an object that says none is to be sent', { 'X-Request-Id': undefined }],
    ['a flat list', ['X-Request-ID', 'mine']],
    ['a flat list of bytes', [Buffer.from('X-Request-ID'), Buffer.from('mine')]],
    ['a list of pairs', [['x-request-ID', 'mine']]],
    ['Headers', new Headers({ 'X-Request-ID': 'mine' })],
    ['a Map', new Map([['X-Request-ID', 'mine']])],
  ])('lets the caller win in %s, whatever the case', (_, given) => {
    const { added } = addHeaders(given, IDS)
    expect(added).toEqual({ traceparent: '00-t', tracestate: 's=1' })
  })

  it("adds no tracestate to the caller's own traceparent", () => {
    expect(addHeaders({ Traceparent: '00-mine' }, IDS).added).toEqual({ 'x-request-id': 'r-1' })
  })

  it('changes nothing that was given', () => {
    const object = Object.freeze({ a: '1' })
    const list = Object.freeze(['a', '1'])
    const headers = new Headers({ a: '1' })
    for (const given of [object, list, headers]) addHeaders(given, IDS)
    expect([...headers]).toEqual([['a', '1']])
  })

  it('leaves it to the client to refuse what is no headers', () => {
    expect(addHeaders('a: 1', IDS)).toEqual({ headers: 'a: 1', added: {} })
    expect(addHeaders(new Set(['a']), IDS)).toEqual({ headers: ['a'], added: {} })
  })

  it('takes a name that means something to objects as any other', () => {
    const { headers } = addHeaders(new Map([['__proto__', '1']]), IDS)
    expect(Object.keys(headers as object)).toContain('__proto__')
  })
})
