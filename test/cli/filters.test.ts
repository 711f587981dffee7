import { describe, expect, it } from 'vitest'
import { line } from './shop.js'
import { folderWith, throughline } from './throughline.js'

/** Ten requests of two services, one a second; each third failed. */
const log = Array.from({ length: 10 }, (_, i) =>
  line(i * 1000, i % 3 === 0 ? 'ERROR' : 'INFO', i % 2 === 0 ? 'web' : 'api', 'Request completed', {
    request_id: 'req-1',
    method: 'GET',
    route: '/x',
    status_code: i % 3 === 0 ? 500 : 200,
    response_time_ms: i + 1,
    boot_id: `boot-${i % 2}`,
    seq: Math.floor(i / 2) + 1,
  }),
).join('')

const FLAGS = [
  [['--level', 'error'], 4],
  [['--where', 'service = web'], 5],
  [['--since', '2024-01-22T10:15:28Z'], 5],
  [['--until', '2024-01-22T10:15:28Z'], 5],
  [['--since', '2024-01-22T10:15:25Z', '--until', '2024-01-22T10:15:28Z', '--level', 'error'], 1],
] as const

describe('the same flags choose lines', () => {
  it.each(FLAGS)('%j', async (flags, count) => {
    const cwd = folderWith({ 'a.log': log })
    const run = async (...args: string[]) => (await throughline([...args, ...flags, 'a.log'], { cwd })).stdout
    expect((await run('pretty')).match(/Request completed/g)).toHaveLength(count)
    expect(JSON.parse(await run('stats', '--json'))).toMatchObject({ lines: count, requests: { count } })
    expect(JSON.parse(await run('doctor', '--json'))).toMatchObject({ lines: count })
    expect(JSON.parse(await run('verify', '--json'))).toMatchObject({ lines: count, missing: 0 })
  })

  it('in trace', async () => {
    const cwd = folderWith({ 'a.log': log })
    const { stdout } = await throughline(['trace', 'req-1', '--where', 'service = api', 'a.log'], { cwd })
    expect(stdout).toContain('api')
    expect(stdout).not.toContain('web')
  })
})

it('verify misses what is gone between the first and the last line that the flags ask for, and nothing else', async () => {
  const lines = log.split('\n').filter((text) => !text.includes('"boot_id":"boot-0","seq":3,'))
  const cwd = folderWith({ 'a.log': lines.join('\n') })
  const verify = async (...flags: string[]) =>
    JSON.parse((await throughline(['verify', '--json', ...flags, 'a.log'], { cwd })).stdout)
  expect(await verify('--where', 'service = web')).toMatchObject({
    missing: 1,
    processes: [{ gaps: [{ from: 3, to: 3 }] }],
  })
  expect(await verify('--where', 'service = api')).toMatchObject({ missing: 0, processes: [{ boot_id: 'boot-1' }] })
  expect(await verify('--since', '2024-01-22T10:15:29Z')).toMatchObject({ missing: 0 })
})
