import { join } from 'node:path'
import { expect, it } from 'vitest'
import { noPosix, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'
import { missingIn, Sender } from './sender.js'

const folder = temporaryFolder()

/** Of each policy in turn, 50 in all. Run with 100 before a release. */
const KILLS = Number(process.env.SHIPPING_KILLS ?? 30)

it.skipIf(noPosix).each([
  ['always', KILLS],
  // What is written outlives the process under any of them; what the disk has matters when the machine dies.
  ['interval', KILLS / 3],
  ['never', KILLS / 3],
] as const)(
  'loses none of the acknowledged lines when it is killed at random moments (fsync: %s, %i kills)',
  async (fsync, kills) => {
    await using server = await LokiServer.start()
    // A store with moods, so that lines are in the spool when the kill comes.
    server.trouble = (request, response) => {
      if (Math.random() < 0.5) return false
      request.resume()
      response.writeHead(503).end()
      return true
    }
    const sending = { url: server.url, dir: join(folder, fsync), fsync }
    const acknowledged: number[] = []
    // More of them where the machine is too slow for it to have done much between two.
    for (let i = 0; i < kills || acknowledged.length <= kills * 10; i++) {
      const sender = new Sender({ ...sending, first: i * 1_000_000 })
      await sender.kill(Math.random() * 150)
      acknowledged.push(...sender.acknowledged)
    }

    server.trouble = undefined
    const drain = new Sender({ ...sending, lines: 0 })
    expect(await missingIn(server, acknowledged)).toEqual([])
    await drain.kill()
  },
)
