/**
 * Opens the shop, lives a day in it, closes it, and asks its logs. Exits with 0 only when every answer is right.
 *
 * `--keep` leaves the files, and says where they are.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ask, tell } from './demo/ask.ts'
import { live } from './demo/day.ts'
import { Shop } from './demo/shop.ts'

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })
const interruption = new AbortController()
const { signal } = interruption
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interruption.abort(name))

const folder = mkdtempSync(join(tmpdir(), 'techflow-'))
try {
  const isAsTold = await tradeFor(folder)
  process.exitCode = (await ask(folder, signal)) && isAsTold ? 0 : 1
} catch (error) {
  if (!signal.aborted) throw error
} finally {
  if (values.keep) {
    console.log(`\nkept: ${folder}\nask again: npx -y pnpm@12 demo:ask ${folder}`)
    console.log(`search in a browser: npx -y pnpm@12 demo:explore '${join(folder, 'logs')}/*.log'`)
  } else {
    rmSync(folder, { recursive: true, force: true })
    console.log('\nkeep the logs, and search them in a browser: npx -y pnpm@12 demo --keep')
  }
}
// Died of what it was sent, now that nothing is left behind.
if (signal.aborted) process.kill(process.pid, signal.reason)

/** A day in the shop, noted in the folder. Tells whether customers saw what the story says. */
async function tradeFor(folder: string): Promise<boolean> {
  console.log('TechFlow: four services and their database, each a process, and a day of customers in a few seconds.')
  await using shop = await Shop.open(folder)
  const day = await live(shop, signal)
  writeFileSync(join(folder, 'day.json'), JSON.stringify(day))
  const unexpected = day.sent.filter(({ expected, outcome }) => expected !== outcome)
  const seconds = ((Date.now() - day.began) / 1000).toFixed(1)
  const holds = unexpected.length === 0
  tell({
    text: `${day.sent.length} requests in ${seconds} s, ${holds ? 'all' : `all but ${unexpected.length}`} answered as the story expects`,
    holds,
  })
  return holds
}
