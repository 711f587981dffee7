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
      /the nearest \(- asked, \+ logged\):\n {4}level: "ERROR"\n {2}- request_id: "r-2"\n {2}\+ request_id: "r-1"/,
    )
  })

  it('shows the record that should not have been there', () => {
    expect(() => expect(logs).not.toHaveLogged({ amount: 12 })).toThrow(
      /expected no record to match \{ amount: 12 \}.*Payment failed/s,
    )
  })

  it('says what it takes', () => {
    expect(() => expect('text').toHaveLogged({ level: 'INFO' })).toThrow('what captureLogs() returns')
  })
})
