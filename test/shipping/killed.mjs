// Ships to the store at argv[2] through the spool in argv[3], and tells its parent which lines are acknowledged: a number
// is written to standard output, unbuffered, once the promise that covers it is kept. argv[4] is where the numbers begin,
// argv[5] how many there are, argv[6] when the disk is synced.
import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'

const [url, dir, start, count, fsync = 'always'] = process.argv.slice(2)
const destination = loki({
  url,
  spool: { dir, fsync, maxBytes: 64 * 1024 * 1024 },
  batch: { ms: 20, bytes: 20_000 },
  retry: { baseMs: 20, maxMs: 100 },
  closeTimeoutMs: 30_000,
})
const log = createLogger({ service: 'killed', env: {}, destination })
// What the others left is not waited for by close(): the parent ends this process when the store has everything.
setInterval(() => {}, 1_000)

let n = Number(start)
const end = n + Number(count)
const acknowledge = (numbers) => writeSync(1, numbers.map((number) => `${number}\n`).join(''))
writeSync(1, 'ready\n')
while (n < end) {
  const infos = []
  for (let i = 0; i < 20; i++) {
    log.info('an info', { n, pad: 'x'.repeat(n % 300) })
    infos.push(n++)
  }
  if (n % 3 === 0) {
    log.warn('a warning', { n })
    acknowledge([n++])
  }
  if (n % 2 === 0) {
    log.flushSync()
    acknowledge(infos)
  } else if (n % 5 === 0) {
    await log.flush()
    acknowledge(infos)
  }
  await setTimeout(1)
}
