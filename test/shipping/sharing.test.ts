import { join } from 'node:path'
import { expect, it } from 'vitest'
import { noPosix, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'
import { missingIn, Sender } from './sender.js'

const folder = temporaryFolder()
const LINES = 400

/** Processes whose lines begin at a million times their number. */
function startAtOnce(url: string, dir: string, from: number, to: number, lines?: number): Sender[] {
  const numbers = Array.from({ length: to - from }, (_, i) => from + i)
  return numbers.map((i) => new Sender({ url, dir, first: i * 1_000_000, ...(lines === undefined ? {} : { lines }) }))
}

it.skipIf(noPosix)(
  'lets one of many processes that start at once ship what dead ones left, and each its own',
  async () => {
    const server = await LokiServer.start()
    await server.close()
    const dir = join(folder, 'calm')
    const dead = startAtOnce(server.url, dir, 1, 4)
    await Promise.all(dead.map((sender) => sender.kill(100)))

    await server.open()
    await using _ = server
    const living = startAtOnce(server.url, dir, 4, 10, LINES)
    const own = [4, 5, 6, 7, 8, 9].flatMap((i) => Array.from({ length: LINES }, (_, n) => i * 1_000_000 + n))
    expect(await missingIn(server, [...dead.flatMap(({ acknowledged }) => acknowledged), ...own])).toEqual([])
    await Promise.all(living.map((sender) => sender.kill()))
    // Not one line came twice.
    expect(server.repeats).toEqual([])
  },
)

it.skipIf(noPosix)('loses nothing, and repeats nothing of the living, when some are killed among many', async () => {
  await using server = await LokiServer.start()
  const dir = join(folder, 'killed')
  const doomed = startAtOnce(server.url, dir, 1, 5)
  const living = startAtOnce(server.url, dir, 5, 8, LINES)
  await Promise.all(doomed.map((sender) => sender.kill(Math.random() * 500)))
  const heirs = startAtOnce(server.url, dir, 8, 11, LINES)
  const acknowledged = [...doomed, ...living, ...heirs].flatMap((sender) => sender.acknowledged)
  const own = [5, 6, 7, 8, 9, 10].flatMap((i) => Array.from({ length: LINES }, (_, n) => i * 1_000_000 + n))
  expect(await missingIn(server, [...acknowledged, ...own])).toEqual([])
  await Promise.all([...living, ...heirs].map((sender) => sender.kill()))
  const owners = server.repeats.map(({ line }) => Math.floor(JSON.parse(line).n / 1_000_000))
  expect(owners.filter((owner) => owner >= 5)).toEqual([])
})
