import { describe, expect, it } from 'vitest'
import { context } from './context.js'
import { currentStore, runInStore } from './store.js'

describe('bind', () => {
  it('ties a function to no context when it is bound outside any, whoever calls it', () => {
    const bound = context.bind(() => context.get('request_id'))
    expect(context.run({ request_id: 'r-1' }, bound)).toBeUndefined()
  })
})

describe('runInStore', () => {
  it('runs a function outside any context, and goes back', () => {
    context.run({ request_id: 'r-1' }, () => {
      expect(runInStore(undefined, currentStore)).toBeUndefined()
      expect(context.get('request_id')).toBe('r-1')
    })
  })
})
