import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { Stats } from 'throughline'
import { LokiServer, type Trouble } from '../shipping/loki-server.ts'
import { filesIn, linesOf } from './logs.ts'
import type { Answer } from './questions.ts'

function answering(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Trouble {
  return (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    response.writeHead(status, headers).end(words)
    return true
  }
}

/**
 * What the store does to requests. In none of them does it store a line and not say so: then nobody could tell in which place
 * the line is.
 */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  'refuses the tenant': answering(401, 'no org id'),
  'refuses the labels': answering(400, "couldn't parse labels"),
  'refuses single lines': answering(400, 'entry has timestamp too old'),
  'finds requests too large': answering(413, 'too large'),
  redirects: answering(302, '', { location: 'http://127.0.0.1:9/login' }),
  'answers 503': answering(503, 'Unavailable'),
  'answers 429': answering(429, 'Ingestion rate limit exceeded'),
  'cuts the connection': (_, response) => response.destroy() !== undefined,
  'never answers': (request) => {
    request.resume()
    return true
  },
  'answers slowly': async (request) => {
    await delay(Math.random() * 200)
    return request.destroyed
  },
}

/** As the sender reports it, for one of its loggers. */
interface Farewell {
  readonly written: number
  readonly stats: Stats
}

/** Where the lines of one of the sender's loggers are. */
interface Places {
  readonly stored: readonly number[]
  readonly dead: readonly number[]
  readonly spooled: readonly number[]
  /** Counted as dropped, and in no dead letter. */
  readonly dropped: number
}

/** Ships through a store with random moods, which is gone in the end, and asks where each line is. */
export async function chaos(ms: number, isBroken: boolean): Promise<readonly Answer[]> {
  const dir = mkdtempSync(join(tmpdir(), 'throughline-chaos-'))
  const server = await LokiServer.start()
  try {
    const path = join(import.meta.dirname, 'chaos-sender.mjs')
    const args = [path, JSON.stringify({ url: server.url, dir })]
    const env = { PATH: process.env.PATH }
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore', 'ipc'], env })
    const output = text(child.stdout as Readable)
    const met = await flap(server, ms)
    child.send('stop')
    const farewells = JSON.parse(await output) as readonly Farewell[]
    if (isBroken) {
      const [first] = server.entries
      server.entries.splice(
        server.entries.findIndex(({ labels }) => labels.app !== first?.labels.app),
        1,
      )
      server.entries.shift()
      delete met.redirects
    }
    const names = ['memory', 'spool']
    return [
      {
        question: 'the store of the chaos run was in every mood',
        isRight: Object.keys(TROUBLES).every((name) => (met[name] ?? 0) > 0),
        seen: JSON.stringify(met),
      },
      ...farewells.map((farewell, i) =>
        exactlyOnce(names[i] as string, farewell, placesOf(server, dir, names[i] as string, farewell)),
      ),
    ]
  } finally {
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Changes the store's mood at random until the time is over; then it is gone. */
async function flap(server: LokiServer, ms: number): Promise<Record<string, number>> {
  const met: Record<string, number> = {}
  const names = Object.keys(TROUBLES)
  const end = performance.now() + ms
  // Each once in random order, then any.
  const order = names.map((name) => ({ name, at: Math.random() })).sort((a, b) => a.at - b.at)
  while (performance.now() < end || order.length > 0) {
    const name = order.shift()?.name ?? (names[Math.floor(Math.random() * names.length)] as string)
    server.trouble = (request, response) => {
      met[name] = (met[name] ?? 0) + 1
      return (TROUBLES[name] as Trouble)(request, response)
    }
    // A slow sender is waited for.
    do await delay(100 + Math.random() * 200)
    while (met[name] === undefined)
    if (Math.random() < 0.2) await away(server)
    server.trouble = undefined
    await delay(100 + Math.random() * 300)
  }
  await leave(server)
  return met
}

/** Dies, and comes back. */
async function away(server: LokiServer): Promise<void> {
  await leave(server)
  await delay(Math.random() * 300)
  await server.open()
}

/** Dies when nothing that it has stored is without its answer. */
async function leave(server: LokiServer): Promise<void> {
  server.trouble = TROUBLES['answers 503']
  await delay(300)
  await server.close()
}

function placesOf(server: LokiServer, dir: string, service: string, { stats }: Farewell): Places {
  const numbers = (records: readonly unknown[]) =>
    (records as { n?: unknown; service?: unknown }[]).flatMap((record) =>
      record.service === service && typeof record.n === 'number' ? [record.n] : [],
    )
  const letters = [`${service}.jsonl.1`, `${service}.jsonl`].map((name) => join(dir, name)).filter(existsSync)
  const dead = linesOf(letters).flatMap((line) => (JSON.parse(line) as { entries: unknown[] }).entries)
  const segments = filesIn(dir).filter((path) => path.endsWith('.segment'))
  // A record is the line with a head before it.
  const spooled = linesOf(segments).flatMap((record) => record.match(/\{"timestamp".*\}$/) ?? [])
  return {
    stored: numbers(server.records()),
    dead: numbers(dead),
    spooled: numbers(spooled.map((line) => JSON.parse(line) as unknown)),
    dropped: (stats.droppedByLevel.INFO ?? 0) - numbers(dead).length,
  }
}

function exactlyOnce(name: string, { written }: Farewell, { stored, dead, spooled, dropped }: Places): Answer {
  const found = [...stored, ...dead, ...spooled]
  const twice = found.length - new Set(found).size
  const nowhere = written - new Set(found).size - dropped
  return {
    question: `every line of the chaos run (${name}) is stored, in the dead letters, in the spool or counted as dropped, and in one alone`,
    isRight: twice === 0 && nowhere === 0 && written > 0 && dead.length > 0 && stored.length > 0,
    seen: `${written} written: ${stored.length} stored, ${dead.length} dead, ${spooled.length} in the spool, ${dropped} dropped; ${twice} twice, ${nowhere} nowhere`,
  }
}
