import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { covers, type Directive, matches, parseDirectives } from './directives.js'

/** A directive as short as it was written, for comparison. */
function shown({ module, beneath, fields, level }: Directive): string {
  const conditions = fields.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`))
  return `${module}${beneath ? '.*' : ''}${fields.length === 0 ? '' : `[${conditions.join(' ')}]`}=${level}`
}

function parsed(text: string): string[] {
  const { directives, problems } = parseDirectives(text)
  expect(problems).toEqual([])
  return directives.map(shown)
}

function only(text: string): Directive {
  const [directive] = parseDirectives(text).directives
  if (directive === undefined) throw new Error(`no directive in ${text}`)
  return directive
}

describe('directives that are accepted', () => {
  test.for([
    ['info', ['=info']],
    ['INFO', ['=info']],
    ['*=debug', ['=debug']],
    ['info,db=debug', ['=info', 'db=debug']],
    [' info , db = debug ', ['=info', 'db=debug']],
    ['info,,db=debug,', ['=info', 'db=debug']],
    ['http.client=warn', ['http.client=warn']],
    ['http.*=warn', ['http.*=warn']],
    ['@scope/name:part-1=error', ['@scope/name:part-1=error']],
    ['db=off', ['db=silent']],
    ['[user_id=42]=trace', ['[user_id=42]=trace']],
    ['[user_id]=trace', ['[user_id]=trace']],
    ['[user_id=42 tenant=acme]=debug', ['[user_id=42 tenant=acme]=debug']],
    ['db[user_id=42]=trace', ['db[user_id=42]=trace']],
    ['http.*[route=/users]=trace', ['http.*[route=/users]=trace']],
    ['[name="a b, c"]=trace,info', ['[name=a b, c]=trace', '=info']],
    ['[name="a]b=c"]=trace', ['[name=a]b=c]=trace']],
    ['[{user_id=42}]=trace', ['[user_id=42]=trace']],
  ] as const)('%s', ([text, expected]) => {
    expect(parsed(text)).toEqual(expected)
  })

  test('an empty text has none', () => {
    for (const text of ['', ' ', ',', ' , ,']) expect(parseDirectives(text)).toEqual({ directives: [], problems: [] })
  })
})

describe('directives that are not', () => {
  test.for([
    ['verbose', 1, 'has no level; accepted: trace, debug, info, warn, error, fatal, silent'],
    ['info,db=loud', 6, 'has no level'],
    ['info,  db=loud', 8, 'has no level'],
    ['db=', 1, 'has no level'],
    ['=debug', 1, 'has no module name before "="'],
    ['a b=debug', 1, 'has no valid module name'],
    ['a..b=debug', 1, 'has no valid module name'],
    ['.*=debug', 1, 'has no valid module name'],
    ['a.*.b=debug', 1, 'has no valid module name'],
    ['db[user_id=42=trace', 1, 'has an unmatched bracket'],
    ['db]user_id=42[=trace', 1, 'has an unmatched bracket'],
    ['info,[user_id=42]', 6, 'needs "=level" after the bracket'],
    ['[user_id=42] trace', 1, 'needs "=level" after the bracket'],
    ['[]=trace', 1, 'has nothing in its brackets'],
    ['[ ]=trace', 1, 'has nothing in its brackets'],
    ['[=42]=trace', 1, 'has no valid field in its brackets'],
    ['[a=]=trace', 1, 'has no valid field in its brackets'],
    ['[a =1]=trace', 1, 'has no valid field in its brackets'],
    ['[a="x"y]=trace', 1, 'has no valid field in its brackets'],
    ['[a=1][b=2]=trace', 1, 'has no valid field in its brackets'],
    ['[a=1]=loud', 1, 'has no level'],
  ] as const)('%s is told with its position', ([text, position, reason]) => {
    const { problems } = parseDirectives(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^position ${position}: `))
    expect(problems[0]).toContain(reason)
  })

  test.for(['info,???,db=debug', 'info,in"fo,db=debug', 'info,x[a,db=debug', 'info,[a="1,db=debug', 'info,],db=debug'])(
    'the valid ones beside it apply: %s',
    (text) => {
      const { directives, problems } = parseDirectives(text)
      expect(directives.map(shown)).toEqual(['=info', 'db=debug'])
      expect(problems).toHaveLength(1)
    },
  )

  test('what stood there is told short, and without what a terminal would act on', () => {
    const [problem] = parseDirectives(`\u001b[31m${'x'.repeat(500)}`).problems
    expect(problem).toMatch(/^[\x20-\x7e…]{1,200}$/)
  })
})

test('parsing never throws, and says of every part that it is a directive or a problem', () => {
  const pieces = fc.constantFrom(...'abc.*[]{}="", \n\t', 'info', 'db', 'user_id', '\u0000', '\ud800', '=trace')
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const { directives, problems } = parseDirectives(text)
      const hasText = text.replace(/[\s,]/g, '') !== ''
      expect(directives.length + problems.length > 0).toBe(hasText)
      for (const { level, number } of directives)
        expect([level, number]).toEqual([only(level).level, only(level).number])
    }),
    { numRuns: runs(10_000) },
  )
})

test('a directive comes back from its text', () => {
  const name = fc.stringMatching(/^[\w$@/:-]{1,8}(?:\.[\w$@/:-]{1,8}){0,2}$/)
  const value = fc.stringMatching(/^[\w/.-]{1,8}$/)
  const fields = fc.array(fc.tuple(fc.stringMatching(/^[\w$.@-]{1,8}$/), fc.option(value)), { maxLength: 3 })
  const levels = fc.constantFrom('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')
  const one = fc.tuple(name, fc.boolean(), fields, levels).map(([module, beneath, conditions, level]) => {
    const within = conditions.map(([field, wanted]) => (wanted === null ? field : `${field}=${wanted}`)).join(' ')
    return `${module}${beneath ? '.*' : ''}${within === '' ? '' : `[${within}]`}=${level}`
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 4 }), (texts) => {
      expect(parsed(texts.join(','))).toEqual(texts)
    }),
    { numRuns: runs(5_000) },
  )
})

describe('which modules a directive covers', () => {
  test.for([
    ['info', '', true],
    ['info', 'db.pool', true],
    ['db=info', 'db', true],
    ['db=info', 'db.pool', true],
    ['db=info', 'db.pool.idle', true],
    ['db=info', 'dbx', false],
    ['db=info', 'x.db', false],
    ['db=info', '', false],
    ['db.*=info', 'db', false],
    ['db.*=info', 'db.pool', true],
    ['db.*=info', 'db.pool.idle', true],
    ['db.*=info', 'dbx.pool', false],
    ['db.pool=info', 'db', false],
  ] as const)('%s, module "%s": %s', ([text, module, expected]) => {
    expect(covers(only(text), module)).toBe(expected)
  })
})

describe('which contexts a condition matches', () => {
  test.for([
    ['[user_id=42]=info', { user_id: 42 }, true],
    ['[user_id=42]=info', { user_id: '42' }, true],
    ['[user_id=42]=info', { user_id: 42n }, true],
    ['[user_id=42]=info', { user_id: 43 }, false],
    ['[user_id=42]=info', {}, false],
    ['[user_id]=info', { user_id: 0 }, true],
    ['[user_id]=info', { user_id: '' }, true],
    ['[user_id]=info', { user_id: null }, false],
    ['[user_id]=info', { user_id: undefined }, false],
    ['[a=1 b=2]=info', { a: 1, b: 2, c: 3 }, true],
    ['[a=1 b=2]=info', { a: 1 }, false],
    ['[a=x]=info', { a: { toString: () => 'x' } }, false],
    ['[a=x]=info', { a: Symbol('x') }, false],
    ['[a=true]=info', { a: true }, true],
  ] as const)('%s, %o: %s', ([text, fields, expected]) => {
    expect(matches(only(text), fields)).toBe(expected)
  })
})

// One pass takes some milliseconds; one that goes to the end from each bracket would take minutes.
test.each(['[', '["', '[a="', '[a=', '[ ', '[a ]=info,', '{ ', '}', '="', 'a.', ',', ' '])(
  'parsing does not hang over a text of many %j',
  (unit) => {
    const { directives, problems } = parseDirectives(`${unit.repeat(100_000)},debug`)
    expect(directives.length + problems.length).toBeGreaterThan(0)
  },
)
