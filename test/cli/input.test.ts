import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import zlib, { createGzip, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { line, shop } from './shop.js'
import { folderWith, throughline } from './throughline.js'

const COMMANDS = ['pretty', 'stats', 'verify', 'doctor'] as const
const three = [1, 2, 3].map((i) => line(i, 'INFO', 'api', `line-${i}`)).join('')

/** How many of the three lines `pretty` shows. */
const shown = (text: string) => text.match(/line-\d/g) ?? []

describe('input is', () => {
  it.each([
    ['a file', ['a.log'], { 'a.log': three }],
    [
      'a glob',
      ['logs/**/*.log'],
      {
        'logs/1/a.log': three.slice(0, three.indexOf('\n') + 1),
        'logs/2/b.log': three.slice(three.indexOf('\n') + 1),
        'logs/c.txt': three,
      },
    ],
    ['a file with the characters of a glob in its name', ['[a].log'], { '[a].log': three, 'a.log': 'no' }],
    ['a gzip file, whatever its name', ['a.log'], { 'a.log': gzipSync(three) }],
    [
      'two gzip members',
      ['a.gz'],
      { 'a.gz': Buffer.concat([gzipSync(three.slice(0, 50)), gzipSync(three.slice(50))]) },
    ],
    ['a plain file called .gz', ['a.gz'], { 'a.gz': three }],
    ['a file named twice', ['a.log', '*.log', './a.log', 'folder/../a.log'], { 'a.log': three, 'folder/x': '' }],
  ] as const)('%s', async (_, args, files) => {
    const { stdout, stderr, status } = await throughline(args, { cwd: folderWith(files) })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(shown(stdout)).toEqual(['line-1', 'line-2', 'line-3'])
  })

  it('a file once, though a link leads to it too', async () => {
    const cwd = folderWith({ 'a.log': three })
    symlinkSync('a.log', join(cwd, 'link.log'))
    expect(shown((await throughline(['*.log'], { cwd })).stdout)).toEqual(['line-1', 'line-2', 'line-3'])
  })

  it.each([
    ['standard input', [], three],
    ['standard input, compressed', ['-'], gzipSync(three)],
  ] as const)('%s', async (_, args, input) => {
    expect(shown((await throughline(args, { input })).stdout)).toEqual(['line-1', 'line-2', 'line-3'])
  })

  it.each([
    [['nowhere.log'], 'nowhere.log: no such file'],
    [['*.nothing'], '*.nothing: no file matches'],
    [['.'], '. is a folder'],
    [['gateway.log/0'], 'gateway.log/0: no such file'],
    [['x'.repeat(300)], 'ENAMETOOLONG'],
  ])('refused when it is %j', async (args, problem) => {
    for (const command of COMMANDS) {
      const { status, stderr } = await throughline([command, ...args], { cwd: folderWith(shop) })
      expect(status).toBe(2)
      expect(stderr).toContain(problem)
    }
  })
})

describe('a compressed file', () => {
  // zstd's own frame of 13 bytes: "line-1\n" without compression (RFC 8878).
  const frame = Buffer.from('28b52ffd20073900006c696e652d310a', 'hex')
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (text: string) => Buffer }
  const canRead = zstdCompressSync !== undefined

  it('of zstd is read, or named with a way to read it where this Node cannot', async () => {
    const cwd = folderWith({ 'a.log.zst': zstdCompressSync?.(three) ?? frame })
    const { stdout, stderr, status } = await throughline(['a.log.zst'], { cwd })
    if (canRead) expect(shown(stdout)).toEqual(['line-1', 'line-2', 'line-3'])
    else {
      expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
      expect(stderr).toMatch(
        /^throughline: a\.log\.zst: compressed with zstd, which Node .* cannot read \(22\.15 can\)\. Pipe it: zstd -dc/,
      )
    }
  })

  it.each([
    ['xz', 'fd377a585a000004'],
    ['bzip2', '425a683931415926'],
    ['lz4', '04224d1864404070'],
    ['zip', '504b030414000000'],
  ])('of %s is named by every command, with a way to read it', async (tool, bytes) => {
    const cwd = folderWith({ 'a.log': Buffer.from(bytes, 'hex') })
    for (const command of COMMANDS) {
      const { stderr, status } = await throughline([command, 'a.log'], { cwd })
      expect(status).toBe(2)
      expect(stderr).toContain(`throughline: a.log: compressed with ${tool}; accepted: plain text, gzip, zstd`)
    }
  })
})

describe('a damaged file', () => {
  const random = randomBytes(100_000)
  const damaged: Readonly<Record<string, string | Buffer>> = {
    torn: three.slice(0, -2),
    binary: Buffer.concat([random, Buffer.from(`\n${three}`)]),
    empty: '',
    'one byte': '\u001f',
    newlines: '\n'.repeat(1000),
    'with a byte-order mark': `\ufeff${three}`,
    'with CRLF': three.replaceAll('\n', '\r\n'),
    'with a line of 20 MB': three.replace('line-2', `line-2 ${'x'.repeat(20_000_000)}`),
    'with a value of 20 MB and nothing else': three.replace('line-2', 'x'.repeat(20_000_000)),
    'with a string of 20 MB of quotes': three.replace('line-2', `line-2 ${'\\"'.repeat(10_000_000)}`),
    'with invalid UTF-8': Buffer.concat([
      Buffer.from(three),
      random.subarray(0, 99),
      Buffer.from(`\xc3\n${three}`, 'latin1'),
    ]),
    'torn gzip': gzipSync(three.repeat(3000)).subarray(0, -30),
    'broken gzip': Buffer.from(gzipSync(Buffer.concat([random, Buffer.from(three)]))).fill(0xaa, 2000, 2100),
    'gzip with something behind': Buffer.concat([gzipSync(three), Buffer.from('rubbish')]),
  }

  it.each(Object.keys(damaged))('%s ends no command with a crash', async (name) => {
    const cwd = folderWith({ 'a.log': damaged[name] ?? '' })
    await Promise.all(
      [...COMMANDS.map((command) => [command]), ['trace', 'line-1']].map(async (args) => {
        const { status, stderr } = await throughline([...args, 'a.log'], { cwd })
        expect([0, 1, 3]).toContain(status)
        expect(stderr).not.toMatch(/^\s+at /m)
      }),
    )
  })

  it.each([
    ['torn', ['line-1', 'line-2', 'line-3']],
    ['binary', ['line-1', 'line-2', 'line-3']],
    ['with a byte-order mark', ['line-1', 'line-2', 'line-3']],
    ['with CRLF', ['line-1', 'line-2', 'line-3']],
    ['with a line of 20 MB', ['line-1', 'line-2', 'line-3']],
  ])('%s shows all that can be had', async (name, expected) => {
    const { stdout } = await throughline(['a.log'], { cwd: folderWith({ 'a.log': damaged[name] ?? '' }) })
    expect(shown(stdout)).toEqual(expected)
    if (name !== 'torn' && name !== 'binary') expect(stdout.match(/^2024.* INFO {2}api line-/gm)).toHaveLength(3)
  })

  const many = Array.from({ length: 3000 }, (_, i) => line(i, 'INFO', 'api', `line-${i} ${Math.sin(i)}`)).join('')
  const zipped = gzipSync(many)
  it.each([
    ['cut in the middle', zipped.subarray(0, zipped.length / 2), 'unexpected end of file', 1200],
    [
      'overwritten in the middle',
      Buffer.from(zipped).fill(0xff, zipped.length / 2, zipped.length / 2 + 200),
      '(?:invalid|incorrect)',
      1200,
    ],
    [
      'whose checksum is wrong',
      Buffer.from(zipped).fill(0, zipped.length - 8, zipped.length - 4),
      'incorrect data check',
      2999,
    ],
    ['followed by rubbish', Buffer.concat([zipped, Buffer.from('rubbish')]), 'incorrect header check', 2999],
  ])('of gzip, %s, gives what comes before the damage and names it', async (_, content, reason, least) => {
    const { stdout, stderr } = await throughline(['a.log'], { cwd: folderWith({ 'a.log': content }) })
    expect(stderr).toMatch(new RegExp(`^throughline: a.log: .*${reason}.*\n$`))
    expect(stdout.match(/line-\d+/g)?.length).toBeGreaterThan(least)
  })
})

it.each([
  ['pretty', 'stderr'],
  ['trace line-1', 'stderr'],
  ['doctor', 'stderr'],
  ['stats', 'stdout'],
  ['verify', 'stdout'],
] as const)('%s says of a damaged gzip file that it is, once, on %s', async (command, stream) => {
  const cwd = folderWith({
    // Each request names a trace, so that trace looks at the files twice.
    'a.log': line(1, 'INFO', 'api', 'x', { request_id: 'line-1', trace_id: 'a'.repeat(32) }),
    'b.log': gzipSync(three).subarray(0, -5),
    'c.log': line(1, 'INFO', 'api', 'x', { request_id: 'line-1', trace_id: 'b'.repeat(32) }),
  })
  const finished = await throughline([...command.split(' '), 'a.log', 'b.log', 'c.log'], { cwd })
  expect(finished[stream].match(/b\.log: unexpected end of file/g)).toHaveLength(1)
})

it('takes no more memory for a file of 200 MB than a heap of 64 MB', async () => {
  const path = join(folderWith(), 'large.gz')
  const zip = createGzip({ level: 1 })
  const pieces: Buffer[] = []
  zip.on('data', (piece: Buffer) => pieces.push(piece))
  const piece = Array.from({ length: 500 }, (_, i) =>
    line(i, 'INFO', 'api', 'x'.repeat(1000), { request_id: `r-${i}` }),
  ).join('')
  for (let size = 0; size < 200e6; size += piece.length) if (!zip.write(piece)) await once(zip, 'drain')
  zip.end()
  await once(zip, 'end')
  writeFileSync(path, Buffer.concat(pieces))
  expect(readFileSync(path).length).toBeLessThan(30e6)
  for (const args of [['verify'], ['trace', 'not-there']]) {
    const { status, stderr } = await throughline([...args, path], { node: ['--max-old-space-size=64'] })
    expect({ status, stderr }).toEqual({
      status: args[0] === 'verify' ? 3 : 1,
      stderr: expect.not.stringContaining('heap'),
    })
  }
})
