import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { createLogger, fanOut, file, stream } from 'throughline'
import { describe, expect, it } from 'vitest'
import { folderWith, throughline, until } from './throughline.js'

/** What a real logger writes, closed in order: so many lines, and the one with its counters. */
async function logged(path: string, lines: number): Promise<void> {
  const log = createLogger({ service: 'api', sequence: true, destination: file(path), env: {} })
  for (let i = 1; i <= lines; i++) log.info('working', { i, padding: 'x'.repeat(200) })
  await log.close()
}

async function linesOf(count: number): Promise<readonly string[]> {
  const path = join(folderWith(), 'api.log')
  await logged(path, count)
  return readFileSync(path, 'utf8').trimEnd().split('\n')
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

interface Verdict {
  readonly missing: number
  readonly torn: number
  readonly repeats: number
  readonly processes: readonly Record<string, unknown>[]
}

async function verified(files: Readonly<Record<string, string | Buffer>>, ...flags: string[]) {
  const cwd = folderWith(files)
  const args = ['verify', ...flags, ...Object.keys(files)]
  const [human, json] = await Promise.all([throughline(args, { cwd }), throughline([...args, '--json'], { cwd })])
  expect(human.stderr).toBe('')
  expect(json.status).toBe(human.status)
  const verdict: Verdict = JSON.parse(json.stdout)
  return { status: human.status, report: human.stdout, verdict }
}

describe('throughline verify, on what a real logger wrote', () => {
  it('finds nothing missing when nothing is', async () => {
    const { status, report, verdict } = await verified({ 'api.log': text(await linesOf(50)) })
    expect(status).toBe(0)
    expect(report).toContain('ended in order')
    expect(report).toContain('nothing is missing among 51 numbered lines of 1 process')
    expect(verdict).toMatchObject({
      missing: 0,
      torn: 0,
      repeats: 0,
      processes: [{ ending: 'closed', disagreement: 0 }],
    })
  })

  it('needs no order of the files, nor of the lines', async () => {
    const lines = await linesOf(50)
    const files = { 'a.log': text(lines.slice(30)), 'b.log.gz': gzipSync(text(lines.slice(0, 30).reverse())) }
    expect(await verified(files)).toMatchObject({ status: 0, verdict: { missing: 0, repeats: 0 } })
  })

  it('names every line that was removed', async () => {
    const lines = await linesOf(50)
    const { status, report, verdict } = await verified({
      'api.log': text(lines.filter((_, i) => ![4, 5, 30].includes(i))),
    })
    expect(status).toBe(1)
    expect(report).toContain('3 lines missing: 5 to 6, 31')
    expect(verdict.processes[0]).toMatchObject({
      missing: 3,
      gaps: [
        { from: 5, to: 6 },
        { from: 31, to: 31 },
      ],
      missing_unaccounted: 3,
      missing_dropped: 0,
    })
  })

  it('names repeated lines, which are no loss', async () => {
    const lines = await linesOf(20)
    const { status, report, verdict } = await verified({ 'api.log': text([...lines, lines[3] ?? '', lines[3] ?? '']) })
    expect(status).toBe(0)
    expect(report).toContain('2 lines repeated: 4, 4')
    expect(verdict.processes[0]).toMatchObject({ repeats: 2, repeated: [4, 4] })
  })

  it('finds a line whose end is cut off, and one whose beginning is', async () => {
    const lines = await linesOf(20)
    const cutEnd = text(lines.map((line, i) => (i === 9 ? line.slice(0, 100) : line)))
    const first = await verified({ 'api.log': cutEnd })
    expect(first).toMatchObject({ status: 1, verdict: { torn: 1, missing: 1 } })
    expect(first.report).toContain('1 torn line: api.log:10')
    const cutHead = text(lines.map((line, i) => (i === 9 ? line.slice(100) : line)))
    expect(await verified({ 'api.log': cutHead })).toMatchObject({
      status: 1,
      verdict: { torn: 1, missing: 0, processes: [{ torn: 1 }] },
    })
  })

  it('counts the whole line that follows a torn one without a newline', async () => {
    const lines = await linesOf(20)
    const torn = text(lines).replace(`${lines[9]}\n`, String(lines[9]).slice(0, 100))
    expect(await verified({ 'api.log': torn })).toMatchObject({
      status: 1,
      verdict: { torn: 1, missing: 1, processes: [{ gaps: [{ from: 10, to: 10 }] }] },
    })
  })

  it('says where the end is not proven, and fails on it when asked', async () => {
    const files = { 'api.log': text((await linesOf(20)).slice(0, 15)) }
    const { status, report } = await verified(files)
    expect(status).toBe(0)
    expect(report).toContain('no closing counters: it still runs, or was killed, or its last lines are cut off')
    expect((await verified(files, '--require-end')).status).toBe(1)
  })

  it('misses what was before the files, unless they are a window', async () => {
    const files = { 'api.log': text((await linesOf(20)).slice(8)) }
    const { status, report } = await verified(files)
    expect(status).toBe(1)
    expect(report).toContain('8 lines missing: 1 to 8')
    expect((await verified(files, '--window')).status).toBe(0)
  })

  it('finds a changed count', async () => {
    const files = { 'api.log': text(await linesOf(20)).replace('"emitted":21', '"emitted":25') }
    const { status, report } = await verified(files)
    expect(status).toBe(1)
    expect(report).toContain('its own count is off the numbers by -4')
  })

  it('does not count what an application logs under the same message', async () => {
    const lines = await linesOf(20)
    const spoofed = JSON.stringify({ ...JSON.parse(String(lines[12])), message: 'Log lines dropped', dropped_total: 3 })
    const { status, verdict } = await verified({
      'api.log': text(lines.with(12, spoofed).filter((_, i) => ![5, 6, 7].includes(i))),
    })
    expect(status).toBe(1)
    expect(verdict.processes[0]).toMatchObject({ missing: 3, missing_dropped: 0 })
  })

  it('tells what the logger dropped and said so from what was lost later', async () => {
    const lines = await linesOf(20)
    const dropped = JSON.stringify({
      ...JSON.parse(String(lines[12])),
      message: 'Log lines dropped',
      log_type: 'logger',
      dropped: 2,
      dropped_total: 2,
    })
    const content = lines.with(12, dropped)
    const { status, report, verdict } = await verified({
      'api.log': text(content.filter((_, i) => ![5, 6, 7].includes(i))),
    })
    expect(status).toBe(1)
    expect(report).toContain('2 of them the logger counted itself')
    expect(report).toContain('1 were lost after the logger wrote them')
    expect(verdict.processes[0]).toMatchObject({
      missing: 3,
      missing_dropped: 2,
      missing_unaccounted: 1,
      disagreement: 0,
    })
  })

  it('says of a slow destination what it dropped, and of one beside it that it has everything', async () => {
    const path = join(folderWith(), 'whole.log')
    let slow = ''
    const writable = new Writable({
      highWaterMark: 1,
      write(chunk, _, done) {
        slow += chunk
        setImmediate(done)
      },
    })
    const destination = fanOut([file(path), stream(writable, { maxQueuedBytes: 20_000 })])
    const log = createLogger({ service: 'api', sequence: true, destination, env: {} })
    for (let i = 1; i <= 1000; i++) log.info('working', { i })
    await log.close()
    const [whole, partial] = await Promise.all([
      verified({ 'whole.log': readFileSync(path, 'utf8') }),
      verified({ 'slow.log': slow }),
    ])
    expect(whole).toMatchObject({ status: 0, verdict: { processes: [{ ending: 'closed', disagreement: 0 }] } })
    expect(partial).toMatchObject({
      status: 1,
      verdict: { processes: [{ missing_unaccounted: 0, ending: 'closed', disagreement: 0 }] },
    })
    // Told when it flowed again, after the closing counters.
    expect(slow.trimEnd().split('\n').at(-1)).toContain('"message":"Log lines dropped"')
  })

  it('sees damage in a compressed file', async () => {
    const zipped = gzipSync(text(await linesOf(2000)))
    const { status, report } = await verified({ 'api.log.gz': zipped.subarray(0, zipped.length - 500) })
    expect(status).toBe(1)
    expect(report).toContain('not read to the end: api.log.gz: unexpected end of file')
  })

  it('proves nothing without numbers, and says so', async () => {
    const { status, stdout } = await throughline(['verify'], { input: '{"message":"x"}\nplain\n' })
    expect(status).toBe(3)
    expect(stdout).toContain('nothing can be proven')
  })

  it('does not take what other programs print for a loss', async () => {
    const lines = await linesOf(5)
    const { status, report } = await verified({ 'api.log': `Server listening\n${text(lines)}{"message":"foreign"}\n` })
    expect(status).toBe(0)
    expect(report).toContain('1 line of other programs, not JSON: api.log:1')
    expect(report).toContain('1 record without a number')
  })
})

const SERVICE = `
import { createLogger, file } from 'throughline'
const log = createLogger({ service: 'api', sequence: true, destination: file(process.argv[2], { policy: 'line' }), env: {} })
let i = 0
setInterval(() => { for (let n = 0; n < 20; n++) log.info('working', { i: ++i }) }, 1)
`

describe('processes that really die', () => {
  it('tells killed processes and their restarts from losses', async () => {
    const path = join(folderWith(), 'api.log')
    writeFileSync(path, '')
    for (let life = 1; life <= 3; life++) {
      const before = readFileSync(path).length
      const child = spawn(process.execPath, ['--input-type=module', '-e', SERVICE, '-', path], {
        cwd: import.meta.dirname,
      })
      const dead = new Promise((resolve) => child.on('close', resolve))
      await until(() => readFileSync(path).length > before + 5000)
      child.kill('SIGKILL')
      await dead
    }
    const written = readFileSync(path, 'utf8')
    const { status, report, verdict } = await verified({ 'api.log': written })
    expect(status).toBe(0)
    expect(verdict.processes.map(({ ending, is_restart, missing }) => ({ ending, is_restart, missing }))).toEqual([
      { ending: 'killed', is_restart: false, missing: 0 },
      { ending: 'killed', is_restart: true, missing: 0 },
      { ending: 'open', is_restart: true, missing: 0 },
    ])
    expect(report).toContain('it was killed')

    const lines = written.trimEnd().split('\n')
    const second = lines.findIndex((line) => !line.includes(String(JSON.parse(String(lines[0])).boot_id)))
    expect(await verified({ 'api.log': text(lines.toSpliced(second + 3, 1)) })).toMatchObject({
      status: 1,
      verdict: { processes: [{ missing: 0 }, { missing: 1, gaps: [{ from: 4, to: 4 }] }, { missing: 0 }] },
    })
  })

  it('finds what a logger appended to after a torn write', async () => {
    const path = join(folderWith(), 'api.log')
    await logged(path, 5)
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, whole.slice(0, -40))
    appendFileSync(path, '')
    await logged(path, 5)
    const { status, verdict } = await verified({ 'api.log': readFileSync(path, 'utf8') })
    expect(status).toBe(1)
    expect(verdict).toMatchObject({
      torn: 1,
      processes: [
        { lines: 5, ending: 'killed' },
        { lines: 6, ending: 'closed' },
      ],
    })
  })
})
