import { describe, expect, it } from 'vitest'
import { checkOutgoing, type OutgoingOptions } from './options.js'

describe('checkOutgoing', () => {
  it.each([
    [{ too: [] }, 'correlation: unknown option "too"; accepted: to, log, trace'],
    [null, 'correlation(options): got null; accepted: an object with to, log, trace'],
    [
      { log: true },
      'correlation({ log }): got boolean; accepted: a logger with debug, warn and isLevelEnabled, or false',
    ],
    [
      { log: { debug() {} } },
      'correlation({ log }): got object; accepted: a logger with debug, warn and isLevelEnabled, or false',
    ],
    [{ trace: 'yes' }, "correlation({ trace }): got string; accepted: true, false or 'always'"],
    [{ to: 'a.example' }, 'correlation({ to }): got string; accepted: an array'],
  ])('refuses %j with the name of the option', (options, message) => {
    expect(() => checkOutgoing(options as unknown as OutgoingOptions, 'correlation')).toThrow(message)
  })

  it('allows every server by default', () => {
    const { isAllowed, isNarrowed } = checkOutgoing({}, 'correlation')
    expect(isAllowed(new URL('http://any.example'))).toBe(true)
    expect(isNarrowed).toBe(false)
  })
})
