import { describe, expect, it } from 'vitest'
import { captureLogs } from './capture-logs.js'
import './vitest.js'

describe('toHaveLogged', () => {
  const logs = captureLogs()
  const log = logs.createLogger()
  log.error('Payment failed', { request_id: 'r-1', amount: 12 })
  log.info('Retrying')

  it('passes where a record matches', () => {
    expect(logs).toHaveLogged({ level: 'ERROR', message: /failed/, request_id: 'r-1' })
    expect(logs).not.toHaveLogged({ level: 'FATAL' })
  })

  it('shows how the nearest record differs', () => {
    expect(() => expect(logs).toHaveLogged({ level: 'ERROR', request_id: 'r-2' })).toThrow(
      /the nearest \(- asked, \+ logged\):\n {4}level: 'ERROR'\n {2}- request_id: 'r-2'\n {2}\+ request_id: 'r-1'/,
    )
  })

  it('shows the record that should not have been there', () => {
    expect(() => expect(logs).not.toHaveLogged({ amount: 12 })).toThrow(
      /expected no record to match \{ amount: 12 \}.*Payment failed/s,
    )
  })

  it('shows patterns as they were written, and no value that could not be shown', () => {
    const match = {
      message: /^Payment/,
      amount: expect.any(String),
      request_id: function isKnown(id: unknown) {
        return id === 'r-0'
      },
      order: { ids: [10n, /x/] },
    }
    expect(() => expect(logs).toHaveLogged(match)).toThrow(
      [
        'expected a record to match { message: /^Payment/, amount: Any<String>, request_id: isKnown, order: { ids: [ 10n, /x/ ] } }; 2 were logged, the last of them:',
        '  ERROR Payment failed',
        '  INFO Retrying',
        '',
        'the nearest (- asked, + logged):',
        "    message: 'Payment failed'",
        '  - amount: Any<String>',
        '  + amount: 12',
        '  - request_id: isKnown',
        "  + request_id: 'r-1'",
        '  - order: { ids: [ 10n, /x/ ] }',
        '  + order: undefined',
      ].join('\n'),
    )
  })

  it.each(['text', undefined, null, [], { records: 1 }])(
    'takes nothing but captured logs, negated or not: %j',
    (other) => {
      expect(() => expect(other).toHaveLogged({ level: 'INFO' })).toThrow('accepted: what captureLogs() returns')
      expect(() => expect(other).not.toHaveLogged({ level: 'INFO' })).toThrow('accepted: what captureLogs() returns')
    },
  )

  it('takes no match that would ask nothing', () => {
    expect(() => expect(logs).toHaveLogged(/Payment/ as never)).toThrow('got /Payment/; accepted: { field: pattern }')
    expect(() => expect(logs).not.toHaveLogged('Payment' as never)).toThrow("got 'Payment'; accepted")
  })
})
