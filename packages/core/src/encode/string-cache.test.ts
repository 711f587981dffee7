import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger, memory } from '../index.js'
import { StringCache } from './string-cache.js'

describe('a text that comes again', () => {
  it('is written as it was the first time, whatever stands between', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('GET', 'a"b', 'a\\', 'é', '\n'),
    )
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 4 }), (given) => {
        const destination = memory()
        const log = createLogger({ service: 's', destination, env: {}, redact: false })
        const rounds = 600
        for (let i = 0; i < rounds; i++) for (const text of given) log.info(text, { text, in: { text } })
        const seen = destination.records.map(({ message, text, in: inner }) => ({ message, text, in: inner }))
        const wanted = given.map((text) => ({ message: text, text, in: { text } }))
        expect(seen).toEqual(JSON.parse(JSON.stringify(Array.from({ length: rounds }, () => wanted).flat())))
      }),
      { numRuns: 10 },
    )
  })

  it('is known after a while, among others that never do', () => {
    const texts = new StringCache()
    const place = { plain: '', candidate: '' }
    for (let i = 0; i < 2000 && place.plain === ''; i++) texts.look(place, 'GET')
    expect(place.plain).toBe('GET')
    expect(texts.look(place, 'a"b')).toBe(false)
    expect(place.plain).toBe('GET')
  })

  it('is not kept where none comes again', () => {
    const texts = new StringCache()
    const place = { plain: '', candidate: '' }
    for (let i = 0; i < 10_000; i++) expect(texts.look(place, `user ${i}`)).toBe(true)
    expect(place.plain).toBe('')
  })

  it('is kept in the turn of its field, when lines are alike', () => {
    for (let fields = 1; fields < 12; fields++) {
      const texts = new StringCache()
      const places = Array.from({ length: fields }, () => ({ plain: '', candidate: '' }))
      for (let line = 0; line < 600; line++) for (const place of places) texts.look(place, 'text')
      expect(places.map(({ plain }) => plain)).toEqual(places.map(() => 'text'))
    }
  })
})
