import { expect, it } from '@jest/globals'
import { captureLogs } from '@throughline/testing'
import '@throughline/testing/jest'

it('asserts what was logged', async () => {
  const logs = captureLogs()
  logs.createLogger({ service: 'shop' }).warn('Stock is low', { sku: 'A-7' })
  expect(logs).toHaveLogged({ level: 'WARN', sku: 'A-7' })
  expect(() => expect(logs).toHaveLogged({ level: 'ERROR' })).toThrow('expected a record to match')
})
