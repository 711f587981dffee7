import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { context } from './context.js'
import { isOwnTraffic, ownTraffic } from './own-traffic.js'

describe('ownTraffic', () => {
  it('marks what runs in it, through what it awaits, and nothing else', async () => {
    expect(isOwnTraffic()).toBe(false)
    const within = ownTraffic(async () => {
      await setTimeout(1)
      return isOwnTraffic()
    })
    expect(isOwnTraffic()).toBe(false)
    expect(await within).toBe(true)
  })

  it('leaves the request behind that happened to be there', () => {
    const within = context.run({ request_id: 'r-1' }, () => ownTraffic(() => context.fields()))
    expect(within).toEqual({})
  })
})
