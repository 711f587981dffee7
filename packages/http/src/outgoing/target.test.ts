import { describe, expect, it } from 'vitest'
import { targetOf } from './target.js'

describe('targetOf', () => {
  it('keeps the query, the fragment and the user out of what a line may say', () => {
    const { url, path, query } = targetOf('http://user:pass@internal.example:81', '/orders?token=1#top')
    expect([url?.host, path, query]).toEqual(['internal.example:81', '/orders', 'token=1#top'])
  })

  it('takes an absolute target, as it is sent to a proxy, for the server that is meant', () => {
    const { url, path, query } = targetOf('http://proxy.example:3128', 'http://u:p@internal.example/orders?token=1')
    expect([url?.host, path, query]).toEqual(['internal.example', '/orders', 'token=1'])
  })

  it('takes a path that begins with two slashes for a path', () => {
    expect(targetOf('http://internal.example', '//evil.example/a')).toMatchObject({ path: '//evil.example/a' })
    expect(targetOf('http://internal.example', '//evil.example/a').url?.host).toBe('internal.example')
  })

  it('knows no server where there is none', () => {
    expect(targetOf(undefined, '/a')).toEqual({ url: undefined, path: '/a', query: '' })
    expect(targetOf('nonsense', '*')).toEqual({ url: undefined, path: '*', query: '' })
  })
})
