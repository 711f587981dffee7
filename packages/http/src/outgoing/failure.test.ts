import { describe, expect, it } from 'vitest'
import { failureFields } from './failure.js'

describe('failureFields', () => {
  it('gives the error as it is when it does not quote the query', () => {
    const error = new Error('connect ECONNREFUSED')
    expect(failureFields(error, 'token=1')).toEqual({ error })
    expect(failureFields(error, '')).toEqual({ error })
  })

  it('keeps the query out of the message, the stack and the causes', () => {
    const error = new TypeError('no mock for /a?token=1', { cause: new Error('sent to /b?token=1') })
    const fields = failureFields(error, 'token=1')
    expect(fields).toMatchObject({ error: 'no mock for /a?…', error_type: 'TypeError' })
    expect(fields.traceback).toContain('Caused by: Error: sent to /b?…')
    expect(JSON.stringify(fields)).not.toContain('token=1')
  })
})
