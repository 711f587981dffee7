import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The bin as it is published. */
export const bin = join(dirname(fileURLToPath(import.meta.resolve('@throughline/explorer'))), 'bin.js')

/** An explorer that runs. */
export interface Explorer {
  readonly child: ChildProcess
  readonly address: string
  readonly url: string
  readonly port: number
  readonly token: string
  /** What it wrote to standard error. */
  stderr(): string
}

export interface Started {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** The address is enough: a Loki needs no loading, and standard input may never end. */
  readonly isLoaded?: boolean
}

/** Starts the real bin, and waits until it has read everything. */
export async function explorer(args: readonly string[], started: Started = {}): Promise<Explorer> {
  const { cwd, env = {}, isLoaded = true } = started
  const child = spawn(process.execPath, [bin, '--no-open', ...args], {
    cwd,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...env },
  })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  if (started.input !== undefined) child.stdin.end(started.input)
  while (!/#token=\S+\n/.test(stdout) || (isLoaded && !/ lines read/.test(stderr))) {
    if (child.exitCode !== null) throw new Error(`the explorer ended: ${stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const address = /http\S+/.exec(stdout)?.[0] ?? ''
  const { origin, port, hash } = new URL(address)
  return { child, address, url: origin, port: Number(port), token: hash.slice('#token='.length), stderr: () => stderr }
}

/** Runs the bin to its end. */
export async function finished(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { PATH: process.env.PATH, ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end()
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr }
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A request with any headers, as no browser and no `fetch` would send them. */
export function raw(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers, setHost: !('host' in headers) },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

/** Loki's `data`. */
export async function loki<T>(
  { port, token }: Explorer,
  name: string,
  params: Readonly<Record<string, string>> = {},
): Promise<T> {
  const path = `/loki/api/v1/${name}?${new URLSearchParams(params)}`
  const { status, body } = await raw(port, path, { authorization: `Bearer ${token}` })
  if (status !== 200) throw new Error(`${status}: ${body}`)
  return (JSON.parse(body) as { readonly data: T }).data
}

export interface Streams {
  readonly result: readonly {
    readonly stream: Readonly<Record<string, string>>
    readonly values: readonly (readonly [string, string])[]
  }[]
}

export interface Vector {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>
    readonly value: readonly [number, string]
  }[]
}

/** The lines of an answer, oldest first. */
export function linesOf({ result }: Streams): readonly string[] {
  const values = result.flatMap(({ values }) => values)
  return values.toSorted(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1)).map(([, line]) => line)
}

export const ALL = { start: '1000000000000000000', end: '4000000000000000000', limit: '5000' }
