/**
 * Measures what shipping costs the thread that logs, with request bodies made in a worker thread and in that thread itself,
 * in memory and spooled: `node shipping.mjs`. `--quick` measures less. Each case is a process of its own, and so is the
 * server, which answers 204.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    serve: { type: 'boolean' },
    url: { type: 'string' },
    worker: { type: 'boolean' },
    spool: { type: 'string' },
  },
})
const LINES = values.quick ? 50_000 : 220_000
const FIELDS = { user_id: 'user-1', request_id: 'req-1', method: 'GET', status_code: 200, nested: { a: 1, b: 'two' } }

if (values.serve) serve()
else if (values.url === undefined) await compare()
else process.send(await measure())

function serve() {
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(204).end()),
  ).listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`))
}

async function measure() {
  const spool = values.spool === undefined ? {} : { spool: { dir: values.spool, fsync: 'never' } }
  const destination = loki({ url: values.url, worker: values.worker === true, ...spool })
  const log = createLogger({ service: 'bench', env: {}, destination })
  const run = async (lines) => {
    for (let n = 0; n < lines; n++) {
      log.info('a line of a busy service', FIELDS)
      if (n % 50 === 0) await setTimeout(1)
    }
    await log.flush()
  }
  await run(LINES / 10)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const utilization = performance.eventLoopUtilization()
  const cpu = process.cpuUsage()
  await run(LINES)
  const { active } = performance.eventLoopUtilization(utilization)
  const { user, system } = process.cpuUsage(cpu)
  const ms = (percentile) => delay.percentile(percentile) / 1e6
  await log.close()
  return { busy: active, p99: ms(99), p999: ms(99.9), cpu: (user + system) / 1000 }
}

async function compare() {
  const server = fork(import.meta.filename, ['--serve'])
  const [url] = await once(server, 'message')
  const dir = mkdtempSync(join(tmpdir(), 'throughline-bench-'))
  const quick = values.quick ? ['--quick'] : []
  for (const worker of [true, false]) {
    for (const spooled of [false, true]) {
      const spool = spooled ? ['--spool', dir] : []
      const child = fork(import.meta.filename, ['--url', url, ...(worker ? ['--worker'] : []), ...spool, ...quick])
      const [{ busy, p99, p999, cpu }] = await once(child, 'message')
      const name = `${worker ? 'in a thread' : 'in the main thread'}, ${spooled ? 'spooled' : 'in memory'}`
      const figures = `busy ${busy.toFixed(0)} ms, delay p99 ${p99.toFixed(1)} ms, p99.9 ${p999.toFixed(1)} ms`
      console.log(`${name.padEnd(30)} ${figures}, CPU ${cpu.toFixed(0)} ms`)
    }
  }
  server.kill()
  rmSync(dir, { recursive: true })
}
