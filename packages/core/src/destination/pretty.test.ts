import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Destination } from '../destination.js'
import { LEVELS } from '../levels/level.js'
import { fanOut } from './fan-out.js'
import { file } from './file.js'
import { memory } from './memory.js'
import { pretty } from './pretty.js'

const LINE = '{"timestamp":"2024-01-22T10:15:23.120Z","level":"WARN","service":"s","message":"hot","celsius":91}\n'
const RENDERED = '10:15:23.120Z WARN  hot celsius=91'

describe('pretty(destination)', () => {
  it('renders lines for one branch while the others get them as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'throughline-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const [readable, raw] = [join(folder, 'readable.log'), join(folder, 'raw.log')]
    const destination = fanOut([pretty(file(readable), { colors: false }), file(raw)])
    destination.write(LINE, LEVELS.info)
    await destination.close()
    expect(readFileSync(readable, 'utf8')).toBe(`${RENDERED}\n`)
    expect(readFileSync(raw, 'utf8')).toBe(LINE)
  })

  it('has colors where the destination is a terminal, unless the environment or the option says otherwise', () => {
    const isColored = (isTerminal: boolean, env: Record<string, string>, colors?: boolean) => {
      for (const name of ['NO_COLOR', 'FORCE_COLOR']) vi.stubEnv(name, env[name] ?? '')
      const kept = memory()
      const destination: Destination = { ...kept, isTerminal }
      pretty(destination, colors === undefined ? {} : { colors }).write(LINE, LEVELS.info)
      vi.unstubAllEnvs()
      return kept.lines[0]?.includes('\u001b[')
    }
    expect(isColored(true, {})).toBe(true)
    expect(isColored(false, {})).toBe(false)
    expect(isColored(true, { NO_COLOR: '1' })).toBe(false)
    expect(isColored(false, { FORCE_COLOR: '1' })).toBe(true)
    expect(isColored(true, { FORCE_COLOR: '0' })).toBe(false)
    expect(isColored(true, { FORCE_COLOR: '1' }, false)).toBe(false)
  })

  it('renders what the destination reports about itself', () => {
    let report = ''
    const destination = pretty(
      {
        ...memory(),
        reportWith(makeLine) {
          report = makeLine('Log lines dropped', { dropped: 1 })
        },
      },
      { colors: false },
    )
    destination.reportWith?.((message, fields) => `${JSON.stringify({ ...JSON.parse(LINE), message, ...fields })}\n`)
    expect(report).toBe('10:15:23.120Z WARN  Log lines dropped celsius=91 dropped=1\n')
  })

  it.each([
    ['no destination', () => pretty({} as never), /pretty\(destination\): got object; accepted: a destination/],
    ['nothing', () => pretty(undefined as never), /got undefined/],
    ['an unknown option', () => pretty(memory(), { color: true } as never), /pretty: unknown option "color"/],
    ['a colors that is none', () => pretty(memory(), { colors: 1 as never }), /colors \}\): got 1; accepted: true or/],
  ])('throws on %s', (_, act, message) => {
    expect(act).toThrow(message)
  })
})
