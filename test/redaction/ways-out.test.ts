import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Life, noPosix, Runner, temporaryFolder } from '../child.js'

const CANARY = 'cAnArY7f3a91'
const FORMATS = ['json', 'ecs', 'otel', 'gcp', 'datadog', 'splunk', 'cloudwatch', 'pino', 'pretty'] as const

const path = join(import.meta.dirname, 'ways-out.mjs')
const folder = temporaryFolder()
const runner = new Runner(folder)

interface Lines {
  readonly life: Life
  /** What each way out has written, by its name. */
  readonly written: Readonly<Record<string, string>>
}

async function run(ending: string, format: string): Promise<Lines> {
  const own = join(folder, `${ending}-${format}`)
  mkdirSync(own)
  const life = await runner.run({ path, args: [ending, own], env: { LOG_FORMAT: format }, outlet: 'pipe' })
  if (format === 'pretty') return { life, written: { stdout: life.output } }
  const of = (name: string) => readFileSync(join(own, `${name}.log`), 'utf8')
  return { life, written: { stdout: life.output, all: of('all'), warn: of('warn') } }
}

// What Node itself prints of an uncaught error on standard error is not the logger's to change.
describe.skipIf(noPosix)(`no secret gets out${noPosix ? ` (${noPosix})` : ''}`, () => {
  it.concurrent.each(FORMATS)(
    'in lines, held lines and last words of a crash, in %s and in each branch',
    async (format) => {
      const { written } = await run('exception', format)
      for (const text of Object.values(written)) {
        expect(text).not.toContain(CANARY)
        // They were written, and what was hidden says so.
        for (const message of ['planted', 'failed', 'Process crashed']) expect(text).toContain(message)
        expect(text).toContain('***REDACTED***')
      }
      for (const name of ['stdout', 'all']) {
        if (!(name in written)) continue
        for (const message of ['held info', 'held debug']) expect(written[name]).toContain(message)
      }
    },
  )

  it.concurrent.each(['rejection', 'exit', 'SIGTERM'])('when the process ends by %s', async (ending) => {
    const { life, written } = await run(ending, 'json')
    expect(life.output).toContain('planted')
    for (const text of Object.values(written)) expect(text).not.toContain(CANARY)
  })
})
