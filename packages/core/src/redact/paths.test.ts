import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { compilePaths, type PathState, step } from './paths.js'

/** Where a walk along these keys ends. */
function walked(start: PathState | undefined, keys: readonly string[]): PathState | undefined {
  let state = start
  for (const key of keys) state = state === undefined ? undefined : step(state, key)
  return state
}

function hides(path: string, keys: readonly string[]): boolean {
  return walked(compilePaths([path]), keys)?.rule === path
}

describe('a path', () => {
  test.for<[string, readonly string[]]>([
    ['a', ['a']],
    ['user.email', ['user', 'email']],
    ['items[0].iban', ['items', '0', 'iban']],
    ['items[*].iban', ['items', '17', 'iban']],
    ['items.*.iban', ['items', '17', 'iban']],
    ['*.headers', ['anything', 'headers']],
    ['*', ['anything']],
    ['[*]', ['anything']],
    ['a["x.y"].z', ['a', 'x.y', 'z']],
    ["a['x[0]']", ['a', 'x[0]']],
    ['["a b"]', ['a b']],
    ['[`x.y`].z', ['x.y', 'z']],
    ['a["*"].c', ['a', '*', 'c']],
    ['["a,b"]', ['a,b']],
    ['a[""].c', ['a', '', 'c']],
    ['__proto__.constructor', ['__proto__', 'constructor']],
    ['x-auth.token value', ['x-auth', 'token value']],
  ])('%s hides %j, and nothing on the way', ([path, keys]) => {
    expect(hides(path, keys)).toBe(true)
    for (let length = 0; length < keys.length; length++) expect(hides(path, keys.slice(0, length))).toBe(false)
    expect(hides(path, [...keys.slice(0, -1), 'another'])).toBe(path.endsWith('*') || path.endsWith('[*]'))
  })

  test('with a star in quotes hides that name alone', () => {
    expect(hides('a["*"].c', ['a', 'b', 'c'])).toBe(false)
  })

  test.for(['a,b', 'req,headers.cookie', 'a*', 'a.b*.c', '*b', 'a[b*]', 'a * b', '`a`', 'a[`b]', 'a["b"]c'])(
    '%s is a slip, and refused by name',
    (path) => {
      expect(() => compilePaths([path])).toThrow(`redact.paths: "${path}" is not a path`)
    },
  )

  test.for(['.a', 'a.', 'a..b', 'a[', 'a[]', 'a]', 'a["b]', 'a[\'b"]', 'a.[0]', '.', '"a"', 'a[0'])(
    '%s is none, and refused by name',
    (path) => {
      expect(() => compilePaths(['fine', path])).toThrow(TypeError)
      expect(() => compilePaths(['fine', path])).toThrow(`redact.paths: "${path}" is not a path`)
    },
  )
})

test('without paths nothing is walked', () => {
  expect(compilePaths([])).toBeUndefined()
})

test('many paths at once hide what each of them hides, and nothing else', () => {
  const key = fc.constantFrom('a', 'b', 'c', '0', '__proto__')
  const segments = fc.array(fc.oneof(key, fc.constant('*')), { minLength: 1, maxLength: 5 })
  const keys = fc.array(fc.oneof(key, fc.constant('other')), { maxLength: 6 })
  const matches = (path: readonly string[], given: readonly string[]) =>
    path.length === given.length && path.every((segment, i) => segment === '*' || segment === given[i])

  fc.assert(
    fc.property(
      fc.array(segments, { minLength: 1, maxLength: 8 }),
      fc.array(keys, { maxLength: 10 }),
      (paths, walks) => {
        const start = compilePaths(paths.map((path) => path.join('.')))
        for (const walk of walks) {
          const state = walked(start, walk)
          const matching = paths.filter((path) => matches(path, walk)).map((path) => path.join('.'))
          expect(state?.rule === undefined ? [] : [state.rule]).toEqual(
            matching.length === 0 ? [] : [expect.toBeOneOf(matching)],
          )
          // No state is kept from which nothing can be hidden any more.
          const goesOn = paths.some((path) => path.length > walk.length && matches(path.slice(0, walk.length), walk))
          expect(state !== undefined).toBe(matching.length > 0 || goesOn)
        }
      },
    ),
    { numRuns: runs(10_000) },
  )
})

test('a path takes as many steps as it has, however many paths there are', () => {
  const paths = Array.from({ length: 2_000 }, (_, i) => `a.k${i}.*.end`)
  expect(walked(compilePaths(paths), ['a', 'k1999', 'x', 'end'])?.rule).toBe('a.k1999.*.end')
})
