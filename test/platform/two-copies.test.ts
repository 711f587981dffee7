import { expect, it } from 'vitest'
import { noPosix, Runner, recordsOf, temporaryFolder } from '../child.js'

const runner = new Runner(temporaryFolder())

it.skipIf(noPosix)(
  'two copies in one process share one context, one set of levels and one set of exit hooks',
  async () => {
    const path = `${import.meta.dirname}/two-copies.mjs`
    const { output, stderr, code } = await runner.run({ path, outlet: 'pipe', env: { LOG_LEVEL: '', LOG_FORMAT: '' } })
    expect(code).toBe(3)
    expect(JSON.parse(stderr)).toEqual({ isAnother: true, isHookedOnce: true })
    const records = recordsOf(output)
    expect(records).toHaveLength(5)
    const said = (message: string) => records.find((record) => record.message === message)
    expect(said('within the context of the other')).toMatchObject({ service: 'cjs', request_id: 'r1' })
    expect(said('with a field that the other has set')).toMatchObject({
      service: 'esm',
      request_id: 'r1',
      user_id: 'u1',
    })
    expect(said('at a level that the other has set')).toMatchObject({ service: 'esm', level: 'DEBUG' })
    expect(said('the last of one')).not.toHaveProperty('request_id')
    expect(said('the last of the other')).toBeDefined()
  },
)
