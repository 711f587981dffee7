import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { ExitStatus, findSources, type Source, UserError } from '@throughline/cli/reader'
import manifest from '../package.json' with { type: 'json' }
import { type Flags, flagsOf, USAGE } from './flags.js'
import { Ingest } from './ingest/ingest.js'
import { RemoteLoki } from './loki/remote-loki.js'
import { openBrowser } from './open-browser.js'
import { runRules } from './rules/run-rules.js'
import { type Serving, serve, serveLoki } from './serve.js'
import { lokiStatus } from './server/status-route.js'
import { LogStore } from './store/log-store.js'
import { TemporaryFolder } from './store/temporary-folder.js'
import type { Terminal } from './terminal.js'

/**
 * Runs the command as its bin does.
 *
 * @returns the exit status.
 */
export async function explore(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  try {
    const flags = flagsOf(args)
    if (flags.help || flags.version) {
      terminal.stdout.write(flags.help ? USAGE : `${manifest.version}\n`)
      return ExitStatus.ok
    }
    return await run(flags, terminal)
  } catch (error) {
    if (terminal.signal.aborted) return ExitStatus.interrupted
    if (!(error instanceof UserError)) throw error
    terminal.stderr.write(`throughline-explorer: ${error.message}\n`)
    return ExitStatus.unusable
  }
}

async function run(flags: Flags, terminal: Terminal): Promise<ExitStatus> {
  if (flags.loki !== undefined) return searchLoki(flags.loki, flags, terminal)
  if (flags.files.length === 0 && terminal.stdin.isTTY) throw new UserError('no files are named; see --help')
  const sources = await findSources(flags.files)
  await checkRoom(sources, flags.maxBytes)
  const store = await LogStore.open({
    memoryLimit: flags.memory,
    ...(flags.labels === undefined ? {} : { labels: flags.labels }),
  })
  const { stdin, signal } = terminal
  const follow = flags.follow && flags.rules === undefined
  const ingest = new Ingest(store, { sources, stdin, signal, follow, maxBytes: flags.maxBytes })
  try {
    if (flags.rules !== undefined) return await runRules(flags.rules, flags.json, store, ingest, terminal)
    return await searchFiles(flags, sources, store, ingest, terminal)
  } finally {
    await store.close()
  }
}

async function searchFiles(
  flags: Flags,
  sources: readonly Source[],
  store: LogStore,
  ingest: Ingest,
  terminal: Terminal,
): Promise<ExitStatus> {
  const names = sources.map(({ name }) => name)
  const name = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ')
  const serving = await listening(flags.port, () => serve(store, { port: flags.port, name }, ingest))
  try {
    announce(serving, store.path, flags, terminal)
    await ingest.load()
    const { read, unreadable } = ingest.account
    terminal.stderr.write(
      `${read.toLocaleString('en-US')} lines read, ${unreadable.toLocaleString('en-US')} unreadable\n`,
    )
    await aborted(terminal.signal)
  } finally {
    await serving.close()
  }
  return ExitStatus.interrupted
}

async function searchLoki(url: URL, flags: Flags, terminal: Terminal): Promise<ExitStatus> {
  const loki = new RemoteLoki({ url, env: terminal.env })
  const folder = new TemporaryFolder()
  const serving = await listening(flags.port, () => serveLoki(loki, { '/api/status': lokiStatus(loki.name) }, flags))
  try {
    announce(serving, folder.path, flags, terminal)
    await aborted(terminal.signal)
  } finally {
    await serving.close()
    folder.remove()
  }
  return ExitStatus.interrupted
}

async function listening(port: number, start: () => Promise<Serving>): Promise<Serving> {
  try {
    return await start()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new UserError(`--port: ${port} is taken by another program`, { cause: error })
  }
}

function announce({ address }: Serving, folder: string, { open }: Flags, { stdout }: Terminal): void {
  stdout.write(`Open ${address}\n`)
  if (open && stdout.isTTY) openBrowser(address, folder)
}

/** What is loaded takes room on the disk, at most as much as its lines. */
async function checkRoom(sources: readonly Source[], maxBytes: number): Promise<void> {
  const bytes = sources.reduce((sum, { size = 0 }) => sum + size, 0)
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`
  const narrow = 'Name fewer files, or narrow the glob'
  if (bytes > maxBytes)
    throw new UserError(`the files have ${gigabytes(bytes)}, more than --max-bytes ${gigabytes(maxBytes)}. ${narrow}.`)
  const { bavail, bsize } = await statfs(tmpdir())
  if (bytes > bavail * bsize)
    throw new UserError(
      `the files have ${gigabytes(bytes)}, and ${tmpdir()} has room for ${gigabytes(bavail * bsize)}. ${narrow}, or set TMPDIR.`,
    )
}

function aborted(signal: AbortSignal): Promise<void> {
  // A server keeps the process alive; a promise alone does not.
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
