import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutPrefix } from './prefix.js'

const RECORD = '{"timestamp":"2024-01-22T10:15:23.120Z","message":"hello {you}"}'

describe('a record is found behind the prefix of', () => {
  it.each([
    ['stern', 'api-7d9f api ', 'api-7d9f/api'],
    ['stern in all namespaces', 'shop api-7d9f api ', 'shop/api-7d9f/api'],
    ['stern in colours', '\u001b[36mapi-7d9f\u001b[0m \u001b[94mapi\u001b[0m ', 'api-7d9f/api'],
    ['stern with times', 'api-7d9f api 2024-01-22T10:15:23.120000000Z ', 'api-7d9f/api'],
    ['kubetail', '[api-7d9f] ', 'api-7d9f'],
    ['Heroku', '2024-01-22T10:15:23.120000+00:00 app[web.1]: ', 'web.1'],
    ['journald', 'Jan 22 10:15:23 host-1 node[123]: ', 'node'],
    ['journald, short-iso', '2024-01-22T10:15:23+0000 host-1 api.service[123]: ', 'api.service'],
    ['rsyslog (RFC 5424)', '<134>1 2024-01-22T10:15:23.120Z host api 123 - - ', 'api'],
    ['pm2', '0|api  | ', 'api'],
    ['pm2 with times', '0|api  | 2024-01-22T10:15:23: ', 'api'],
    ['docker compose', 'api-1  | ', 'api-1'],
    ['docker compose with times', 'api-1  | 2024-01-22T10:15:23.120000000Z ', 'api-1'],
    ['docker service logs', 'shop_api.1.x7f9@node-2    | ', 'shop_api.1.x7f9@node-2'],
    ['foreman', '10:15:23 web.1  | ', 'web.1'],
    ['aws logs tail', '2024-01-22T10:15:23.120000+00:00 api/api/0123abcd ', 'api/api/0123abcd'],
    ['ecs-cli', '0123abcd    api    ', '0123abcd/api'],
    ['Lambda', '2024-01-22T10:15:23.120Z\tb5c8e7a2-0b4e\tINFO\t', 'b5c8e7a2-0b4e/INFO'],
    ['GitHub Actions', '2024-01-22T10:15:23.1200000Z ', undefined],
    ['gh run view --log', 'test\tRun tests\t2024-01-22T10:15:23.1200000Z ', 'test/Run/tests'],
    ['turbo', '@shop/api:dev: ', '@shop/api:dev'],
    ['concurrently', '[0] ', '0'],
    ['logcli', '2024-01-22T10:15:23Z {app="api", pod="api-7d9f"} ', 'api-7d9f'],
    ['logcli without a time', '{app="api"} ', 'api'],
    ['a time in brackets', '[2024-01-22 10:15:23,120] ', undefined],
    ['grep', 'logs/api.log:', 'logs/api.log'],
    ['grep -n', '12:', '12'],
  ])('%s', (_, prefix, origin) => {
    expect(withoutPrefix(prefix + RECORD)).toEqual({ text: RECORD, object: JSON.parse(RECORD), origin })
  })

  it('a program that colours the whole line', () => {
    expect(withoutPrefix(`\u001b[32mapi | ${RECORD}\u001b[0m \r`)?.text).toBe(RECORD)
  })

  it('any program, whatever it says', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab1-_.|[]()<>: /\t›') })
    fc.assert(
      fc.property(word, (prefix) => {
        fc.pre(prefix !== '')
        expect(withoutPrefix(prefix + RECORD)?.text).toBe(RECORD)
      }),
    )
  })
})

it.each([
  ['plain text', 'Server listening on 3000'],
  ['a template', 'GET /users/{id}'],
  ['a cut record', `api-1 | ${RECORD.slice(0, -5)}`],
  ['the end of a torn line, and the line after it', `rld"}${RECORD}`],
  ['the end of a torn line with objects in it', 'o","user":{"id":1}'],
  ['a record alone', RECORD],
  ['nothing', ''],
])('none is found in %s', (_, line) => expect(withoutPrefix(line)).toBeUndefined())
