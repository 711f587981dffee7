import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createLogger, memory } from '../../index.js'

const CANARY = 'cAnArY7f3a91'
const destination = memory()
const log = createLogger({ env: {}, service: 's', destination, redact: { detect: 'all' } })

function logged(text: string): string {
  destination.clear()
  log.info(text)
  log.child({ body: text }).error('m', new Error(text))
  return destination.lines.join('\n')
}

describe('a secret in text is found', () => {
  it.each(['password', 'api_key', 'Authorization', 'clientSecret', 'X-Auth-Token', 'user.password'])(
    'whatever white space, punctuation and emphasis stand between %s and its value',
    (name) => {
      const spaces = [
        '',
        ' ',
        '\t',
        '\u00a0',
        '\u3000',
        '\u2003 ',
        ' \u200b',
        '\u202f\u2009',
        '      \t    ',
        '\v',
        '\u2028',
      ]
      const signs = [':', '=', '\uff1a', '\uff1d', ' := ', ' => ', '\ufe55', '\u2236']
      const emphasis = [
        ['', ''],
        ['**', '**'],
        ['*', '*'],
        ['__', '__'],
        ['~~', '~~'],
        ['<b>', '</b>'],
        ['<strong>', '</strong>'],
        ['`', '`'],
        ['\u201c', '\u201d'],
        ['\u200b', '\ufeff'],
      ] as const
      const leaks: string[] = []
      for (const space of spaces)
        for (const sign of signs)
          for (const [open, close] of emphasis) {
            for (const text of [
              `the ${open}${name}${close}${space}${sign}${space}${CANARY} was`,
              `the ${open}${name}${close}${space}${sign}${space}${open}${CANARY}${close} was`,
            ]) {
              if (logged(text).includes(CANARY)) leaks.push(text)
            }
          }
      expect(leaks).toEqual([])
    },
  )

  it.each([
    `**Password:** ${CANARY}`,
    `<b>Password:</b> ${CANARY}`,
    `<strong>Password</strong>: <code>${CANARY}</code>`,
    `password \u001b[2m:\u001b[22m \u001b[32m${CANARY}\u001b[39m`,
    `\u001b[33mpassword\u001b[39m=\u001b[1;38;5;208m${CANARY}\u001b[0m`,
    `password: \u009b32m${CANARY}\u009b39m`,
    `password: \u001b]8;;https://h/\u001b\\${CANARY}\u001b]8;;\u001b\\`,
    `\\u001b[32mpassword\\u001b[39m: \\u001b[32m'${CANARY}'\\u001b[39m`,
    inspect({ password: CANARY, id: 1 }, { colors: true }),
    inspect({ a: { 'x-api-key': CANARY } }, { colors: true }),
    inspect(new Map([['client_secret', CANARY]]), { colors: true }),
    inspect({ password: `${'correct horse '.repeat(12)}${CANARY}` }, { breakLength: 60 }),
    inspect({ a: { password: `${'line\n'.repeat(30)}${CANARY}` } }),
    inspect({ private_key: `${'x'.repeat(100)}\n${CANARY}\n` }, { colors: true }),
    `password:\n     '${CANARY}'`,
    `Your one-time password:\n${CANARY}`,
    `GET /cb%3Ftoken=${CANARY}`,
    `GET /cb%3Ftoken%3D${CANARY}%26page=2`,
    `https://h/a%253Faccess_token=${CANARY}`,
    `https://h/?a=1%26token=${CANARY}`,
    `https://h/?a=1&amp;token=${CANARY}`,
    `https://h/&#63;token&#61;${CANARY}`,
    `https://h/&#x3f;token&#x3D;${CANARY}`,
    `\\u003ftoken=${CANARY}`,
    `https://h/\uff1ftoken=${CANARY}`,
    `<input value="${CANARY}" type="text" name="password">`,
    `<input value='${CANARY}' name='user[password]'/>`,
    `<input type="password" value="${CANARY}">`,
    `<input value=${CANARY} id=api_key>`,
    `<meta content="${CANARY}" name="csrf-token">`,
    `<add value="${CANARY}" key="ApiKey" />`,
    `<entry key="password">${CANARY}</entry>`,
    `<string name="api_key">${CANARY}</string>`,
    `<Name>password</Name><Value>${CANARY}</Value>`,
    `<Value>${CANARY}</Value>\n  <Name>password</Name>`,
    `{ type: 'field', value: '${CANARY}', path: 'password', location: 'body' }`,
    `{"op":"replace","path":"/user/password","value":"${CANARY}"}`,
    `{"value":"${CANARY}","loc":["body","password"]}`,
    `{"input":"${CANARY}","loc":["body","password"],"msg":"too short"}`,
    `{"field":"password","old":"x","new":"${CANARY}"}`,
    `{"instancePath":"/password","data":"${CANARY}"}`,
    `{\\"name\\":\\"Cookie\\",\\"stringValue\\":\\"${CANARY}\\"}`,
  ])('%j', (text) => {
    expect(logged(text)).not.toContain(CANARY)
    expect(logged(`before (${text}) after`)).not.toContain(CANARY)
  })
})

/** What serializers, languages and tools make of the character that begins a colour. */
const ESCAPES = [
  '\u001b',
  '\\u001b',
  '\\u001B',
  '\\u{1b}',
  '\\x1b',
  '\\x1B',
  '\\033',
  '\\33',
  '\\e',
  '^[',
  '#033',
  '%1b',
  '%1B',
  '&#27;',
  '&#x1b;',
]
/** The same, encoded once more. */
const ESCAPED_ESCAPES = ['\\u005cu001b', '\\u00251b', '&amp;#27;', '%5Cx1b']

const colored = (esc: string) => `${esc}[33mpassword${esc}[39m: ${esc}[32m'${CANARY}'${esc}[39m`
const linked = (esc: string) => `password: ${esc}]8;;https://h/${esc}\\${CANARY}${esc}]8;;${esc}\\`

/** Every encoding of a text up to this depth, in every order. */
function nested(text: string, depth: number): readonly string[] {
  if (depth === 0) return [text]
  const encodings = [JSON.stringify(text), JSON.stringify({ body: text }), encodeURIComponent(text)]
  return [text, ...encodings.flatMap((encoded) => nested(encoded, depth - 1))]
}

describe('a secret behind encoded colours is found', () => {
  it.each([...ESCAPES.map((esc) => [esc, 3] as const), ...ESCAPED_ESCAPES.map((esc) => [esc, 2] as const)])(
    'where %j begins them, in up to %i more encodings',
    (esc, depth) => {
      const texts = [colored(esc), linked(esc), `(${colored(esc)} after`].flatMap((text) => nested(text, depth))
      expect(texts.filter((text) => logged(text).includes(CANARY))).toEqual([])
    },
  )

  it.each([
    ['=', '\\u003d', '\\x3d', '\\075', '\\u{3d}', '\\uff1d'],
    [':', '\\u003a', '\\x3a', '\\072', '\\u{3a}', '\\uff1a', '\\u3000\\uff1a\\u00a0', '\\u200b:\\ufeff'],
  ])('and so is one behind an encoded %j', (...signs) => {
    const texts = signs.flatMap((sign) => nested(`the password${sign}${CANARY} was`, 3))
    expect(texts.filter((text) => logged(text).includes(CANARY))).toEqual([])
  })
})

it.each([
  'pwd=/home/app',
  'PWD=/srv/app OLDPWD=/srv',
  '{"pwd":"/home/app"}',
  'tests pass: 1532',
  '{"pass":12,"fail":0}',
  'pin=GPIO17',
  'sin=0.707 cos=0.707',
  "{ auth: 'ldap' }",
  'auth=kerberos',
  '{"session":{"started":true,"views":3}}',
  'boarding_pass=yes',
  'redis key session:user:42',
  'DEL session:user:42:cart',
  'cache key token:blacklist:42 expired',
  'password_policy=strict',
  'token_type=Bearer1',
  '“quoted” words: and ‘others’, 50\u00a0% of them',
  '**Note:** the password is checked',
  '**bold** text: value1',
  '<option value="dark1" name="theme">',
  '<Value>30s</Value><Name>timeout</Name>',
  '<Name>timeout</Name><Value>30s1</Value><Name>password</Name><Value>***</Value>',
  '{ value: "dark1", path: "theme" }',
  '{"path":"/reset-password","data":"ok1","status":200}',
  'from: ada1 to: bob2, name: token',
  'password:\n  must have 12 characters',
  'Invalid password:\n    at login (/srv/app/auth.js:12:34)',
  '\u001b[32mpassed\u001b[39m: 12 tests',
  'Zeichen\u200bkette: abc1',
  '\\\\u001b[32mpassed\\\\u001b[39m: 12 tests',
  '%1B%5B32mpassed%1B%5B39m: 12 tests',
  'C:\\users\\x64\\033: 12 files',
])('%j stays as it is', (text) => {
  destination.clear()
  log.info(text)
  expect(destination.records[0]?.message).toBe(text)
})
