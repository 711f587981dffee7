import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noPosix, temporaryFolder } from '../child.js'
import { type Block, blocks, readPage } from './markdown.js'
import { Registry } from './registry.js'

const PAGE = 'docs/tutorials/first-request.md'
const run = promisify(execFile)
const folder = temporaryFolder()

/** A command block of the page and what the page says it prints, if it says. */
interface Step {
  readonly command: Block
  readonly shown: string | undefined
}

const steps: Step[] = []
for (const block of blocks(PAGE)) {
  if (block.language === 'sh') steps.push({ command: block, shown: undefined })
  else if (block.language === 'text' || block.language === 'json') {
    steps.push({ ...(steps.pop() as Step), shown: block.text })
  }
}

let registry: Registry
let printed: readonly string[] = []

beforeAll(async () => {
  if (noPosix !== undefined) return
  registry = await Registry.start(join(folder, 'tarballs'))
  const ports = new Map([
    ['3001', await freePort()],
    ['3002', await freePort()],
  ])
  const env = { ...withoutSettings(), npm_config_registry: registry.url }
  const withPorts = scriptOf().replace(/\b300[12]\b/g, (port) => ports.get(port) ?? port)
  const { stdout } = await run('bash', ['-c', withPorts], { cwd: folder, env, timeout: 150_000 })
  const withPage = [...ports].reduce((text, [ours, free]) => text.replaceAll(free, ours), stdout)
  printed = withPage.split(MARK).slice(1)
})
afterAll(() => registry?.stop())

/** This environment but for what would change a line: what a newcomer's would be. */
function withoutSettings(): NodeJS.ProcessEnv {
  const isSetting = (name: string) => /^(LOG|OTEL|SERVICE|POD)_|^(NODE_ENV|NODE_NAME|CONTAINER_NAME)$/.test(name)
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isSetting(name)))
}

const MARK = '\n--- next ---\n'

/** The page as one program for a shell: its files are written, and its commands run, in the order it has them. */
function scriptOf(): string {
  const parts = blocks(PAGE).flatMap((block) => {
    if (block.language === 'js') return [`cat > ${fileOf(block)} <<'END'\n${block.text}\nEND`]
    if (block.language !== 'sh') return []
    return [`printf '${MARK.replaceAll('\n', '\\n')}'`, `${block.text}\n${waitFor(block.text)}`]
  })
  return ["trap 'kill $(jobs -p) 2>/dev/null' EXIT", ...parts].join('\n')
}

/** Reads no faster than a person: a service that was started listens by the time of the next command. */
function waitFor(commands: string): string {
  const ports = [...commands.matchAll(/^node (\w+)\.mjs.*&$/gm)].map(([, name]) => (name === 'shop' ? 3001 : 3002))
  return ports
    .map((port) => `until (: > /dev/tcp/localhost/${port}) 2>/dev/null; do kill -0 %1 %2 && sleep 0.1 || exit 1; done`)
    .join('\n')
}

/** The file's name is the last one in code before the block. */
function fileOf({ line }: Block): string {
  const before = readPage(PAGE)
    .split('\n')
    .slice(0, line - 2)
    .join('\n')
  return (
    before
      .match(/`[\w.]+\.mjs`/g)
      ?.at(-1)
      ?.replaceAll('`', '') ?? ''
  )
}

/** A port with as many digits as the page's, so that columns stay as wide. */
async function freePort(): Promise<string> {
  for (;;) {
    const port = 3100 + Math.floor(Math.random() * 6900)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return String(port)
  }
}

/** Without what differs from run to run: times, durations, random ids, and whose curl and address it was. */
function timeless(text: string): string {
  return text
    .trim()
    .replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, '<date>')
    .replace(/\d\d:\d\d:\d\d\.\d{3}/g, '<time>')
    .replace(/[\d.]+ (ms|s)\b/g, '<duration>')
    .replace(/response_time_ms=[\d.]+/g, 'response_time_ms=<duration>')
    .replace(/\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b/g, '<id>')
    .replace(/\s*[\u2501\u2578-\u257b]+\s*/g, ' <bar> ')
    .replace(/curl\/[\d.]+/g, '<curl>')
    .replace(/remote_addr=\S+/g, 'remote_addr=<address>')
}

describe.skipIf(noPosix !== undefined)(PAGE, () => {
  it('names a file for each program, and has commands', () => {
    expect(steps.length).toBeGreaterThan(5)
    expect(
      blocks(PAGE)
        .filter(({ language }) => language === 'js')
        .map(fileOf),
    ).toEqual(['stock.mjs', 'shop.mjs'])
  })

  const said = steps.map((step, i) => ({ ...step, i, title: step.command.text.split('\n').at(-1) }))
  it.each(said.filter(({ shown }) => shown !== undefined))('prints for "$title" what it says', ({ shown = '', i }) => {
    const now = timeless(printed[i] ?? '')
    // A line of `…` alone: the rest is left out on the page.
    const isPart = /\n…$/.test(shown)
    const expected = timeless(shown.replace(/\n…$/, ''))
    expect(isPart ? now.slice(0, expected.length) : now).toBe(expected)
  })
})
