import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'
import { describe, expect, it, vi } from 'vitest'
import { noPosix, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const LINES = 1_000

/** Leaves the lines of a process that is gone, and nothing else, in a spool for the server. */
async function leave(url: string, dir: string): Promise<string> {
  const options = { url, spool: { dir }, closeTimeoutMs: 1, retry: { baseMs: 60_000 }, exitTimeoutMs: 0 }
  const destination = loki(options)
  const log = createLogger({ service: 'gone', env: {}, destination })
  for (let n = 0; n < LINES; n++) log.info('a line', { n, pad: 'x'.repeat(n % 50) })
  // Not the logger's, which does not wait for longer than that: the folder has to be nobody's when the next process looks.
  await destination.close()
  const [path, ...more] = segmentsIn(dir)
  expect(more).toEqual([])
  return path as string
}

const segmentsIn = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.segment') && !name.startsWith('damaged'))
    .map((name) => join(dir, name))

const keptIn = (dir: string) => (existsSync(join(dir, 'damaged')) ? readdirSync(join(dir, 'damaged')) : [])

/** Ships what is in the spool, and two lines of its own, as the next process does. */
async function ship(url: string, dir: string) {
  const destination = loki({ url, spool: { dir }, closeTimeoutMs: 60_000 })
  const log = createLogger({ service: 'next', env: {}, destination })
  log.info('first')
  // What another process left is not waited for by flush() and close().
  await vi.waitFor(() => expect(log.stats().transports?.[0]?.spooledBytes).toBe(0), { timeout: 60_000 })
  log.info('last')
  await log.close()
  return log.stats()
}

function flip(path: string, place: number, mask = 1): void {
  const bytes = readFileSync(path)
  bytes[place] = (bytes[place] as number) ^ mask
  writeFileSync(path, bytes)
}

function zero(path: string, start: number, end: number): void {
  const fd = openSync(path, 'r+')
  writeSync(fd, Buffer.alloc(end - start), 0, end - start, start)
  closeSync(fd)
}

/** Damages a spool's only segment. @returns how many of its lines are counted as lost, and how many are stored. */
type Damage = (segment: string) => { readonly dropped: number; readonly stored: number }

const lost = (dropped: number) => ({ dropped, stored: LINES - dropped })

const damages: Readonly<Record<string, Damage>> = {
  'a bit flipped in the middle': (path) => {
    flip(path, statSync(path).size >> 1)
    return lost(1)
  },
  'a bit flipped in the first record': (path) => {
    flip(path, 20)
    return lost(1)
  },
  'a bit flipped in the last record': (path) => {
    flip(path, statSync(path).size - 3)
    return lost(1)
  },
  'bits flipped in a hundred records': (path) => {
    const places = messagesIn(path)
    for (let i = 0; i < 100; i++) flip(path, places[i * 10] as number)
    return lost(100)
  },
  'a bit flipped in the header': (path) => {
    flip(path, 2)
    return lost(0)
  },
  'a whole header of zeros': (path) => {
    zero(path, 0, 16)
    return lost(0)
  },
  '4 KiB of zeros in the middle': (path) => {
    const ends = endsIn(path)
    zero(path, 16_384, 20_480)
    // A record ends where its line does, and begins where the one before it ended.
    return lost(ends.filter((end, i) => end > 16_384 && (ends[i - 1] ?? 16) < 20_480).length)
  },
  'its second half missing': (path) => {
    truncateSync(path, statSync(path).size >> 1)
    // What followed the end of a file is known to nobody: the line that was cut is counted.
    return { dropped: 1, stored: endsIn(path).length }
  },
  'zeros at its end': (path) => {
    truncateSync(path, statSync(path).size + 8_192)
    return { dropped: 1, stored: LINES }
  },
}

/** Where the messages of its lines are. */
const messagesIn = (path: string) =>
  [
    ...readFileSync(path)
      .toString('latin1')
      .matchAll(/a line/g),
  ].map(({ index }) => index)

/** Where its lines end. */
const endsIn = (path: string) =>
  [...readFileSync(path).toString('latin1').matchAll(/\}\n/g)].map(({ index }) => index + 2)

describe('a damaged segment', () => {
  it.each(Object.entries(damages))('with %s is shipped but for the records that are damaged', async (_, damage) => {
    await using server = await LokiServer.start()
    const { url } = server
    const dir = temporaryFolder()
    await server.close()
    const path = await leave(url, dir)
    const expected = damage(path)
    const damaged = readFileSync(path)
    await server.open()
    const { dropped } = await ship(url, dir)
    const stored = server.records().filter(({ n }) => n !== undefined).length
    expect({ dropped, stored }).toEqual(expected)
    expect(segmentsIn(dir)).toEqual([])
    // As it was, for whoever wants to look at it; a third process does not count it again.
    expect(keptIn(dir).map((name) => readFileSync(join(dir, 'damaged', name)).equals(damaged))).toEqual([true])
    expect((await ship(url, dir)).dropped).toBe(0)
    const reports = server.records().filter(({ message }) => message === 'Log lines dropped')
    expect(reports.map((report) => report.dropped)).toEqual(dropped === 0 ? [] : [dropped])
  })

  it('is counted once when the store stays away, and the process after the next ships it', async () => {
    await using server = await LokiServer.start()
    const { url } = server
    const dir = temporaryFolder()
    await server.close()
    flip(await leave(url, dir), 5_000)
    const away = loki({ url, spool: { dir }, closeTimeoutMs: 500, retry: { baseMs: 10, maxMs: 20 }, exitTimeoutMs: 0 })
    away.write('{"message":"its own"}\n', 30)
    await away.close()
    expect(away.dropped?.()).toEqual({ INFO: 1 })
    await server.open()
    expect((await ship(url, dir)).dropped).toBe(0)
    expect(server.records().filter(({ n }) => n !== undefined)).toHaveLength(LINES - 1)
  })
})

/** Puts something beside a spool's only segment. @returns what must be as it was afterwards. */
type Intruder = (folder: string, outside: string) => () => unknown

const intruders: Readonly<Record<string, Intruder>> = {
  'a sparse file of 3 GiB': (folder) => {
    const fd = openSync(join(folder, '0.segment'), 'w')
    ftruncateSync(fd, 3 * 1024 ** 3)
    closeSync(fd)
    return () => undefined
  },
  'a sparse segment of 3 GiB': (folder) => {
    const fd = openSync(join(folder, '0.segment'), 'w')
    writeSync(fd, Buffer.from('TLSPOOL\u0001\u001e\0\0\0\0\0\0\0'))
    ftruncateSync(fd, 3 * 1024 ** 3)
    closeSync(fd)
    return () => undefined
  },
  "another program's file": (folder) => {
    writeFileSync(join(folder, '0.segment'), 'x'.repeat(900))
    return () => undefined
  },
  'a link to a file elsewhere': (folder, outside) => {
    writeFileSync(join(outside, 'kept'), 'x'.repeat(900))
    symlinkSync(join(outside, 'kept'), join(folder, '0.segment'))
    return () => readFileSync(join(outside, 'kept'), 'utf8')
  },
  'a link to a segment elsewhere': (folder, outside) => {
    const [segment] = readdirSync(folder).filter((name) => name.endsWith('.segment'))
    writeFileSync(join(outside, 'kept'), readFileSync(join(folder, segment as string)).subarray(0, 900))
    symlinkSync(join(outside, 'kept'), join(folder, '0.segment'))
    return () => readFileSync(join(outside, 'kept'), 'latin1')
  },
  'a link to nothing': (folder) => {
    symlinkSync('nothing', join(folder, '0.segment'))
    return () => undefined
  },
  'a link to a folder elsewhere': (folder, outside) => {
    writeFileSync(join(outside, '1.segment'), 'x'.repeat(900))
    symlinkSync(outside, join(folder, '0.segment'))
    return () => readFileSync(join(outside, '1.segment'), 'utf8')
  },
  'a folder': (folder) => {
    mkdirSync(join(folder, '0.segment'))
    writeFileSync(join(folder, '0.segment', 'notes'), 'mine')
    return () => undefined
  },
  'a named pipe': (folder) => {
    execFileSync('mkfifo', [join(folder, '0.segment')])
    return () => undefined
  },
}

describe.skipIf(noPosix)('what is named like a segment and is none', () => {
  it.each(Object.entries(intruders))('does not keep the others from being shipped: %s', async (_, intrude) => {
    await using server = await LokiServer.start()
    const { url } = server
    const [dir, outside] = [temporaryFolder(), temporaryFolder()]
    await server.close()
    const look = intrude(dirname(await leave(url, dir)), outside)
    const before = look()
    await server.open()
    expect(await ship(url, dir)).toMatchObject({ dropped: 0, transports: [{ unreadableFiles: 1 }] })
    expect(server.records().filter(({ n }) => n !== undefined)).toHaveLength(LINES)
    expect(look()).toEqual(before)
    // Out of the way: the next process does not meet it.
    expect(segmentsIn(dir)).toEqual([])
    const [folder] = keptIn(dir)
    expect(readdirSync(join(dir, 'damaged', folder as string))).toContain('0.segment')
  })

  it('is not written to where it takes the place of the lock or of a folder', async () => {
    await using server = await LokiServer.start()
    const { url } = server
    const [dir, outside] = [temporaryFolder(), temporaryFolder()]
    await server.close()
    const folder = dirname(await leave(url, dir))
    execFileSync('mkfifo', [join(dirname(folder), 'pipe')])
    symlinkSync(outside, join(dirname(folder), 'link'))
    writeFileSync(join(outside, '1.segment'), 'x'.repeat(900))
    mkdirSync(join(dirname(folder), 'other', 'lock'), { recursive: true })
    await server.open()
    await ship(url, dir)
    expect(server.records().filter(({ n }) => n !== undefined)).toHaveLength(LINES)
    expect(readFileSync(join(outside, '1.segment'), 'utf8')).toBe('x'.repeat(900))
    expect(readlinkSync(join(dirname(folder), 'link'))).toBe(outside)
  })
})

describe.skipIf(noPosix ?? process.getuid?.() !== 0)('files of another user', () => {
  const NOBODY = 65_534
  const program = (url: string, dir: string) => `
    import { loki } from '@throughline/loki'
    import { createLogger } from 'throughline'
    const log = createLogger({ service: 'next', env: {}, destination: loki({ url: '${url}', spool: { dir: '${dir}' } }) })
    log.info('first')
    await log.close()
    console.log(JSON.stringify(log.stats()))`

  it.each([
    ['a file', (segment: string) => chownSync(segment, 0, 0)],
    ['a folder', (segment: string) => [chmodSync(dirname(segment), 0o700), chownSync(dirname(segment), 0, 0)]],
  ])('that cannot be read are reported, and the others are shipped: %s', async (_, take) => {
    await using server = await LokiServer.start()
    const { url } = server
    const dir = temporaryFolder()
    const readable = temporaryFolder()
    await server.close()
    const unreadable = await leave(url, dir)
    // Two processes were there: one as root, one as the user that comes next.
    const other = await leave(url, readable)
    const beside = join(dirname(dirname(unreadable)), '1-other')
    execFileSync('cp', ['-r', dirname(other), beside])
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, dir])
    chmodSync(unreadable, 0o600)
    take(unreadable)
    await server.open()
    const args = ['--input-type=module', '--eval', program(url, dir)]
    const child = { cwd: import.meta.dirname, encoding: 'utf8' as const, uid: NOBODY, gid: NOBODY, timeout: 60_000 }
    const { stderr, status } = await new Promise<{ stderr: string; status: number }>((resolve) => {
      execFile(process.execPath, args, child, (error, _stdout, text) =>
        resolve({ stderr: text, status: error === null ? 0 : 1 }),
      )
    })
    expect({ stderr, status }).toMatchObject({ status: 0, stderr: expect.stringContaining('cannot be read (EACCES)') })
    expect(stderr.match(/cannot be read/g)).toHaveLength(1)
    expect(server.records().filter(({ n }) => n !== undefined)).toHaveLength(LINES)
  })
})
