import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CLEAN_END, Example } from './run-example.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const folder = join(import.meta.dirname, 'nestjs')

beforeAll(() => {
  // `npm run build`, and with its types checked.
  const tsc = createRequire(join(folder, 'package.json')).resolve('typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '--project', folder], { stdio: 'inherit' })
}, 120_000)

describe.each(['express', 'fastify'])('nestjs on %s', (platform) => {
  const start = () => new Example(join(folder, 'dist/main.js'), { args: [platform] })
  const get = (url: string, id?: string) => fetch(url, { headers: id === undefined ? {} : { 'x-request-id': id } })

  it("puts the request's id and context on Nest's own lines, and ends cleanly", async () => {
    const example = start()
    const url = await example.url()
    const accepted = await get(`${url}/users/42`, 'req-1')
    expect(await accepted.json()).toEqual({ id: '42', request_id: 'req-1' })
    expect(accepted.headers.get('x-request-id')).toBe('req-1')
    const generated = await get(`${url}/users/43`)
    const { request_id } = (await generated.json()) as { request_id: string }
    expect(request_id).toMatch(UUID)
    expect(generated.headers.get('x-request-id')).toBe(request_id)
    await example.line({ message: 'Request completed', request_id })
    expect(await example.stop()).toBe(CLEAN_END)

    expect(example.lines).toContainEqual(
      expect.objectContaining({ logger: 'RouterExplorer', message: 'Mapped {/users/:id, GET} route' }),
    )
    for (const [id, user_id] of [
      ['req-1', '42'],
      [request_id, '43'],
    ]) {
      const { trace_id, ...rest } = example.lines.find((line) => line.request_id === id) ?? {}
      expect(rest).toMatchObject({ message: 'Request started', path: `/users/${user_id}` })
      expect(example.lines.filter((line) => line.request_id === id).slice(1)).toMatchObject([
        { message: 'Fetching user', logger: 'UsersService', table: 'users', user_id, trace_id },
        { message: 'Request completed', level: 'INFO', route: '/users/:id', status_code: 200, user_id, trace_id },
      ])
    }
  })

  it('tells of an error that Nest has answered, once', async () => {
    const example = start()
    const url = await example.url()
    expect((await get(`${url}/users/x`, 'req-1')).status).toBe(500)
    expect((await get(`${url}/users/0`, 'req-2')).status).toBe(404)
    const failed = await example.line({ message: 'Request completed', request_id: 'req-1' })
    expect(failed).toMatchObject({ level: 'ERROR', error: 'a user id is a number', error_type: 'TypeError' })
    expect(failed.traceback).toContain('UsersService.find')
    const refused = await example.line({ message: 'Request completed', request_id: 'req-2' })
    expect(refused).toMatchObject({ level: 'WARN', status_code: 404, error_type: 'NotFoundException' })
    await example.stop()
    expect(example.lines.filter((line) => 'error' in line)).toHaveLength(2)
  })
})
