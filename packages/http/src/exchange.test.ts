import type { IncomingMessage } from 'node:http'
import { BoundedText } from 'throughline/internal'
import { describe, expect, it } from 'vitest'
import { bodyOf, headersOf, pathOf, queryOf } from './exchange.js'

describe('pathOf', () => {
  it.each([
    ['/users/42?full=1', '/users/42'],
    ['/users/42', '/users/42'],
    ['/?a=/b', '/'],
    ['*', '*'],
    ['http://user:hunter2@host:80/users?x=1', '/users'],
    ['http://user:hunter2@host', '/'],
    ['http://host?x=1', '/'],
    ['', '/'],
  ])('of %s is %s', (url, path) => {
    expect(pathOf(url)).toBe(path)
  })
})

describe('queryOf', () => {
  it('has a list for a parameter that stands several times', () => {
    expect({ ...queryOf('/?a=1&b=2&a=3&c') }).toEqual({ a: ['1', '3'], b: '2', c: '' })
  })

  it('takes any parameter for a name', () => {
    expect(Object.entries(queryOf('/?__proto__=1&constructor=2') ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
  })

  it('is undefined without a query', () => {
    expect(queryOf('/')).toBeUndefined()
  })
})

it('headersOf picks the headers that came', () => {
  const req = { headers: { accept: 'text/html', cookie: 'a=b' } } as IncomingMessage
  expect({ ...headersOf(req, ['accept', 'accept-language']) }).toEqual({ accept: 'text/html' })
})

describe('bodyOf', () => {
  it.each([
    ['a parsed body as it is', { a: 1 }, 7, { a: 1 }],
    ['nothing where nothing was parsed', undefined, 7, undefined],
    ['only the size of a large one', { a: 1 }, 11, '[11 bytes, not logged]'],
    ['only the size of bytes', Buffer.from('abc'), 3, '[3 bytes]'],
    ['the beginning of a text that unpacked larger', 'x'.repeat(20), 5, new BoundedText('x'.repeat(20), 10)],
  ])('gives %s', (_what, body, received, expected) => {
    expect(bodyOf(body, received, 10)).toEqual(expected)
  })
})
