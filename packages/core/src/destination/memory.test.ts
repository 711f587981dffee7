import { describe, expect, it } from 'vitest'
import { LEVELS } from '../levels/level.js'
import { memory } from './memory.js'

describe('memory()', () => {
  it('keeps lines as they are written, and parsed', () => {
    const destination = memory()
    destination.write('{"n":1}\n', LEVELS.info)
    destination.write('{"n":2}\n', LEVELS.info)
    expect(destination.lines).toEqual(['{"n":1}', '{"n":2}'])
    expect(destination.records).toEqual([{ n: 1 }, { n: 2 }])
    destination.clear()
    expect(destination.lines).toEqual([])
  })

  it('forgets the oldest over its bound, and counts them by level', () => {
    const destination = memory({ maxLines: 10 })
    for (let n = 0; n < 95; n++) {
      destination.write(`${n}\n`, n % 2 === 0 ? LEVELS.info : LEVELS.warn)
      expect(destination.lines).toEqual(
        Array.from({ length: Math.min(n + 1, 10) }, (_, i) => `${Math.max(0, n - 9) + i}`),
      )
    }
    expect(destination.dropped?.()).toEqual({ INFO: 43, WARN: 42 })
  })

  it('does not grow while nobody looks', () => {
    const destination = memory({ maxLines: 3 })
    for (let n = 0; n < 1000; n++) destination.write(`${n}\n`, LEVELS.info)
    expect(destination.lines).toEqual(['997', '998', '999'])
  })

  it.each([0, -1, 1.5, Number.NaN, '10'])('throws on a bound of %s', (maxLines) => {
    expect(() => memory({ maxLines: maxLines as number })).toThrow(
      /memory\(\{ maxLines \}\): got (-?[\d.]+|NaN|string); accepted: a whole number/,
    )
  })
})
