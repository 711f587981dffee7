import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ended, noPosix, start, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()
const path = join(import.meta.dirname, 'killed.mjs')
const KILLS = 50

/** Runs until a random moment after it is ready, and is killed there. @returns the lines that it was promised. */
async function live(url: string, first: number): Promise<number[]> {
  const child = start({ path, args: [url, folder, String(first), 'produce'] }, ['ignore', 'pipe', 'inherit'])
  let output = ''
  const ready = new Promise<void>((resolve) => {
    ;(child.stdout as Socket).setEncoding('utf8').on('data', (text: string) => {
      output += text
      resolve()
    })
  })
  await Promise.race([ready, ended(child)])
  await setTimeout(Math.random() * 150)
  child.kill('SIGKILL')
  expect(await ended(child)).toMatchObject({ signal: 'SIGKILL' })
  // The last number may have been cut by the kill; one that is whole was acknowledged.
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
}

it.skipIf(noPosix)(`loses none of the acknowledged lines when it is killed at ${KILLS} random moments`, async () => {
  await using server = await LokiServer.start()
  // A store with moods, so that lines are in the spool when the kill comes.
  server.trouble = (request, response) => {
    if (Math.random() < 0.5) return false
    request.resume()
    response.writeHead(503).end()
    return true
  }
  const acknowledged: number[] = []
  for (let i = 0; i < KILLS; i++) acknowledged.push(...(await live(server.url, i * 1_000_000)))
  expect(acknowledged.length).toBeGreaterThan(KILLS * 10)

  server.trouble = undefined
  const drain = start({ path, args: [server.url, folder, '0', 'drain'] }, ['ignore', 'ignore', 'inherit'])
  const stored = () => new Set(server.records().map(({ n }) => n))
  const missing = () => {
    const there = stored()
    return acknowledged.filter((n) => !there.has(n))
  }
  for (let i = 0; i < 100 && missing().length > 0; i++) await setTimeout(100)
  drain.kill('SIGKILL')
  await ended(drain)
  expect(missing()).toEqual([])
})
