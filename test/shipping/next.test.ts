import { execFileSync, spawn } from 'node:child_process'
import { cpSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ended, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'
import { projectFolder } from './project.js'

const project = projectFolder('next', 'react', 'react-dom')
cpSync(join(import.meta.dirname, 'next-app'), project, { recursive: true })
const folder = temporaryFolder()

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}

async function posted(url: string): Promise<string> {
  for (;;) {
    try {
      return await (await fetch(url, { method: 'POST' })).text()
    } catch {
      await setTimeout(100)
    }
  }
}

// A build on a busy machine takes its time.
it("ships from Next's standalone build, threads and all", { timeout: 240_000 }, async () => {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
  execFileSync(process.execPath, [next, 'build'], { cwd: project, env, stdio: 'pipe' })
  // Elsewhere, so that nothing is found that the build does not hold.
  cpSync(join(project, '.next/standalone'), folder, { recursive: true, verbatimSymlinks: true })

  await using server = await LokiServer.start()
  const port = await freePort()
  const child = spawn(process.execPath, ['server.js'], {
    cwd: join(folder, project),
    env: { ...env, LOKI_URL: server.url, PORT: port, HOSTNAME: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const over = Promise.all([text(child.stderr), ended(child)])
  expect(await posted(`http://127.0.0.1:${port}/api/log`)).toBe('logged')
  child.kill('SIGTERM')
  const [stderr] = await over
  expect(stderr).toBe('')
  // Next has a copy of the module for the hook and one for the route, and so two loggers.
  expect(
    server
      .records()
      .map(({ message }) => String(message))
      .sort(),
  ).toEqual(['by the last push', 'by the thread that encodes', 'from the instrumentation hook'])
})
