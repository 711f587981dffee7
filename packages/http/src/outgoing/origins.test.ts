import { describe, expect, it } from 'vitest'
import { checkOutgoing } from './options.js'
import type { OriginFilter, OriginRule } from './origins.js'

const compile = (to: readonly OriginRule[]): OriginFilter => checkOutgoing({ to }, 'correlation').isAllowed

function allows(rule: OriginRule, ...origins: readonly string[]): boolean[] {
  const filter = compile([rule])
  return origins.map((origin) => filter(new URL(origin)))
}

describe('the option to', () => {
  it('takes an origin as it is, with its scheme and port', () => {
    const others = ['http://internal.example', 'https://internal.example:8443', 'https://a.internal.example']
    expect(allows('https://internal.example', 'https://internal.example', ...others)).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect(allows('https://internal.example/', 'https://internal.example:443')).toEqual([true])
    expect(allows('http://[::1]:3000', 'http://[::1]:3000', 'http://[::1]:3001')).toEqual([true, false])
  })

  it('takes a host by either scheme, at the given port or any', () => {
    expect(allows('internal.example', 'http://internal.example:81', 'https://internal.example')).toEqual([true, true])
    expect(allows('localhost:3000', 'http://localhost:3000', 'http://localhost:3001')).toEqual([true, false])
    expect(allows('localhost:80', 'http://localhost')).toEqual([true])
  })

  it('takes every host below a wildcard, at any depth, and not one that merely ends like it', () => {
    const below = ['http://api.svc.cluster.local', 'http://api.shop.svc.cluster.local:8080']
    const not = ['http://svc.cluster.local', 'http://evil-svc.cluster.local', 'http://svc.cluster.local.evil.example']
    expect(allows('*.svc.cluster.local', ...below, ...not)).toEqual([true, true, false, false, false])
    expect(allows('https://*.example.com', 'https://a.example.com', 'http://a.example.com')).toEqual([true, false])
  })

  it('compares hosts as URLs write them', () => {
    expect(allows('Internal.EXAMPLE', 'http://internal.example')).toEqual([true])
    expect(allows('bücher.example', 'http://bücher.example')).toEqual([true])
  })

  it('asks a function with the origin alone, and takes an error for a no', () => {
    const asked: string[] = []
    const ask = (origin: URL) => asked.push(origin.href) > 0
    expect(allows(ask, 'https://u:p@internal.example/path?token=1')).toEqual([true])
    expect(asked).toEqual(['https://internal.example/'])
    const throws = () => {
      throw new Error('no')
    }
    expect(allows(throws, 'http://internal.example')).toEqual([false])
  })

  it('allows nothing by an empty list', () => {
    expect(compile([])(new URL('http://internal.example'))).toBe(false)
  })

  it.each([
    ['a path', ['https://a.example/path'], 'correlation({ to[0] }): got string; accepted: an origin'],
    ['a wildcard within', ['a.*.example'], 'correlation({ to[0] }): got string'],
    ['another scheme', ['ftp://a.example'], 'correlation({ to[0] }): got string'],
    [
      'a password, which is not repeated',
      ['https://u:p@a.example'],
      'correlation({ to[0] }): got string; accepted: an',
    ],
    ['a number', ['a.example', 7], 'correlation({ to[1] }): got 7'],
    ['text alone', 'a.example', 'correlation({ to }): got string; accepted: an array'],
  ])('refuses %s', (_, rules, message) => {
    expect(() => compile(rules as OriginRule[])).toThrow(message)
  })
})
