/**
 * One service of the soak, on the framework of argv[2]. Its parent sends requests over HTTP and, over IPC, asks what it holds
 * of memory, and to end. With `broken` it does on purpose what the soak has to find.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { loki } from '@throughline/loki'
import { correlation } from '@throughline/undici'
import { createLogger, fanOut, file, memory, watchLevel } from 'throughline'
import { Agent } from 'undici'
import { apps } from './apps.mjs'
import { held, used } from './held.mjs'

const [framework, settings] = [process.argv[2], JSON.parse(process.argv[3])]
const { url, logPath, spoolDir, levelPath, next, isBroken } = settings

const warnings = []
process.on('warning', ({ name }) => warnings.push(name))
process.on('message', (wanted) => (wanted === 'stop' ? stop() : measure()))

// The first logger of a process puts up what drains all of them on exit. That stays, once; the rest is to go with its logger.
await createLogger({ service: 'first', env: {}, destination: memory() }).close()
// Opened when they are first looked at: by whoever warns, and by frameworks that ask for colours.
void [process.stdout, process.stderr]
const heldBefore = held()

const log = createLogger({
  service: framework,
  env: {},
  sequence: true,
  level: 'info',
  redact: isBroken ? false : { keys: ['iban'], detect: 'all' },
  sampling: { success: 0.05, hold: 'debug', keep: { slowerThanMs: 500 }, summaryInterval: 5_000 },
  destination: fanOut([
    file(logPath, { reopenOn: 'SIGHUP' }),
    loki({
      url,
      spool: { dir: spoolDir },
      batch: { ms: 100, bytes: 128 * 1024 },
      retry: { baseMs: 50, maxMs: 500 },
      timeoutMs: 1_000,
      closeTimeoutMs: 30_000,
    }),
  ]),
})
const unwatch = isBroken
  ? process.on('SIGUSR2', () => {})
  : watchLevel({ file: levelPath, signal: 'SIGUSR2', intervalMs: 100 })
const agent = new Agent({ keepAliveTimeout: 1_000 })
const app = await apps[framework](log, { next, dispatcher: agent.compose(correlation()), isBroken })
process.send({ port: app.port })

/** What a broken service never gives back: as much between two looks, whatever the machine gets done between them. */
const kept = []

async function measure() {
  if (isBroken) kept.push(Buffer.alloc(5 * 1024 * 1024, 1))
  process.send({ used: await used() })
}

async function stop() {
  await app.close()
  await agent.close()
  if (!isBroken) unwatch()
  await log.close()
  // What is ending may take some turns to be gone.
  for (let i = 0; i < 100 && JSON.stringify(held()) !== JSON.stringify(heldBefore); i++) await delay(100)
  process.send({ stats: log.stats(), heldBefore, heldAfter: held(), warnings }, () => process.exit())
}
