import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { noPosix, Runner, recordsOf, temporaryFolder } from '../child.js'

const folder = temporaryFolder()
const runner = new Runner(folder)
/** What the tests' own environment may say. */
const UNSET = { LOG_LEVEL: '', LOG_FORMAT: '', LOG_DESTINATION: '', NODE_ENV: '', NO_COLOR: '', FORCE_COLOR: '' }

async function run(env: Record<string, string>) {
  return await runner.run({ path: `${import.meta.dirname}/settings.mjs`, outlet: 'pipe', env: { ...UNSET, ...env } })
}

/** The levels that were written, of the first logger: of its root and of its module. */
function levelsIn(output: string): readonly [readonly unknown[], readonly unknown[]] {
  const records = recordsOf(output).filter(({ service }) => service === 'one')
  const [root, module] = [undefined, 'db'].map((name) => records.filter(({ logger }) => logger === name))
  return [(root ?? []).map(({ level }) => level), (module ?? []).map(({ level }) => level)]
}

describe.skipIf(noPosix)('LOG_LEVEL', () => {
  it('and nothing else: info, and debug in development', async () => {
    expect(levelsIn((await run({})).output)[0]).toEqual(['INFO', 'WARN', 'ERROR'])
    expect(levelsIn((await run({ NODE_ENV: 'development' })).output)[0]).toEqual(['DEBUG', 'INFO', 'WARN', 'ERROR'])
  })

  it('sets the root and its modules', async () => {
    const { output, stderr } = await run({ LOG_LEVEL: 'error,db=debug' })
    expect(levelsIn(output)).toEqual([['ERROR'], ['DEBUG', 'INFO', 'WARN', 'ERROR']])
    expect(stderr).toBe('')
  })

  it('that is none is told once, with what was read and what is accepted, and the default holds', async () => {
    const { output, stderr, code } = await run({ LOG_LEVEL: 'loud' })
    expect(code).toBe(0)
    expect(levelsIn(output)[0]).toEqual(['INFO', 'WARN', 'ERROR'])
    expect(stderr).toBe(
      'throughline: LOG_LEVEL position 1: "loud" has no level; accepted: trace, debug, info, warn, error, fatal, silent\n',
    )
  })

  it('that is wrong in part holds in the others', async () => {
    const { output, stderr } = await run({ LOG_LEVEL: 'warn,http=,db=error' })
    expect(levelsIn(output)).toEqual([['WARN', 'ERROR'], ['ERROR']])
    expect(stderr).toMatch(/^throughline: LOG_LEVEL position 6: "http=" has no level; accepted: [^\n]*\n$/)
  })
})

describe.skipIf(noPosix)('LOG_FORMAT', () => {
  const isColored = (text: string) => stripVTControlCharacters(text) !== text

  it('unset, on what is no terminal, gives JSON', async () => {
    expect(recordsOf((await run({ NODE_ENV: 'development' })).output).length).toBeGreaterThan(0)
  })

  it('pretty gives lines for people, without colours where there is no terminal', async () => {
    const { output } = await run({ LOG_FORMAT: 'pretty' })
    expect(output).toMatch(/^\d\d:\d\d:\d\d\.\d{3}Z INFO {2}db: of the module user=u1\n/)
    expect(isColored(output)).toBe(false)
  })

  it('pretty has colours where FORCE_COLOR wants them, and none for 0 or NO_COLOR', async () => {
    const { output } = await run({ LOG_FORMAT: 'pretty', FORCE_COLOR: '1' })
    expect(isColored(output)).toBe(true)
    expect(stripVTControlCharacters(output)).toMatch(/^\d\d:\d\d:\d\d\.\d{3}Z INFO {2}db: of the module user=u1\n/)
    expect(isColored((await run({ LOG_FORMAT: 'pretty', FORCE_COLOR: '0' })).output)).toBe(false)
    expect(isColored((await run({ LOG_FORMAT: 'pretty', NO_COLOR: '1' })).output)).toBe(false)
  })

  it('that is none is told once, and the default holds', async () => {
    const { output, stderr } = await run({ LOG_FORMAT: 'xml' })
    expect(levelsIn(output)[0]).toEqual(['INFO', 'WARN', 'ERROR'])
    expect(stderr.match(/throughline: LOG_FORMAT/g)).toHaveLength(1)
    expect(stderr).toContain('json')
  })
})

describe.skipIf(noPosix)('LOG_DESTINATION', () => {
  it('sends lines to a file or to standard error, and leaves standard output alone', async () => {
    const file = join(folder, 'service.log')
    expect(await run({ LOG_DESTINATION: file })).toMatchObject({ output: '', stderr: '', code: 0 })
    expect(levelsIn(readFileSync(file, 'utf8'))[0]).toEqual(['INFO', 'WARN', 'ERROR'])
    const { output, stderr } = await run({ LOG_DESTINATION: 'stderr' })
    expect(output).toBe('')
    expect(levelsIn(stderr)[0]).toEqual(['INFO', 'WARN', 'ERROR'])
  })
})
