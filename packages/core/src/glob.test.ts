import fc from 'fast-check'
import picomatch from 'picomatch'
import { describe, expect, it } from 'vitest'
import { runs } from '../test-support/runs.js'
import { globMatcher, isGlob } from './glob.js'

describe('a glob of paths', () => {
  it.each([
    ['/health*', ['/health', '/healthz', '/health/'], ['/health/live', '/a/health', '/Health']],
    ['/static/**', ['/static', '/static/', '/static/a', '/static/a/b.js', '/static/.x'], ['/statics', '/a/static/b']],
    ['/**', ['/', '/a', '/a/b'], []],
    ['**', ['/', '/a', '/a/b'], []],
    ['/**/health', ['/health', '/a/health', '/a/b/health/'], ['/xhealth', '/health/a']],
    ['**/*.png', ['/a.png', '/a/b.png'], ['/a.png/b', '/apng']],
    ['/users/*', ['/users/7', '/users/7/'], ['/users', '/users/', '/users/7/orders']],
    ['/users/*/orders', ['/users/7/orders'], ['/users/orders', '/users/7/8/orders']],
    ['/v?/a', ['/v1/a'], ['/v/a', '/v12/a', '/v//a']],
    ['/v[1-3]/a', ['/v1/a', '/v3/a'], ['/v4/a', '/v/a']],
    ['/v[!1-3]/a', ['/v4/a'], ['/v1/a', '/v//a']],
    ['/{health,ready}z', ['/healthz', '/readyz'], ['/z', '/health,readyz']],
    ['/{a,b/{c,d*}}', ['/a', '/b/c', '/b/de'], ['/b', '/c', '/a,b']],
    ['/a\\*{b', ['/a*{b'], ['/ab{b']],
    ['/items(1).json+?', ['/items(1).json+x'], ['/items1.json+x', '/items(1)xjson+x']],
    ['/[', ['/['], ['/a']],
    ['/[!]', ['/!'], ['/a']],
    ['/[z-a]', ['/z', '/-'], ['/m']],
    ['/[{]}', ['/{}'], ['/[{]}']],
    ['/a*/', ['/a/', '/ab/'], ['/a']],
  ])('%s', (glob, those, others) => {
    const matches = globMatcher(glob)
    expect(those.filter((path) => !matches(path))).toEqual([])
    expect(others.filter(matches)).toEqual([])
  })

  it('that has nothing but characters means itself', () => {
    expect(isGlob('/users/(7).json')).toBe(false)
    expect(['*', '?', '[', '{', '\\'].every((character) => isGlob(`/a${character}`))).toBe(true)
  })

  it('means what it means to picomatch, whose globs are those of file names', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', 'a*b', '?', '{a,b}', '{ab,b*}', '[ab]')
    const name = fc.stringMatching(/^[ab]{1,3}$/)
    const glob = fc.tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/**'))
    fc.assert(
      fc.property(glob, fc.array(name, { minLength: 1, maxLength: 5 }), ([parts, end], names) => {
        // That it may be no segment at all, picomatch forgets where one with a star is before it.
        fc.pre(end === '' || parts.at(-1)?.includes('*') === false)
        const [text, path] = [`/${parts.join('/')}${end}`, `/${names.join('/')}`]
        expect([text, path, globMatcher(text)(path)]).toEqual([text, path, picomatch(text, { dot: true })(path)])
      }),
      { numRuns: runs(2000) },
    )
  })

  it('never throws, whatever it is', () => {
    const text = fc.string({ unit: fc.constantFrom(...'/*?[]{},!^-\\a.()|+$') })
    fc.assert(
      fc.property(text, text, (glob, path) => typeof globMatcher(glob)(path) === 'boolean'),
      { numRuns: runs(5000) },
    )
  })
})
