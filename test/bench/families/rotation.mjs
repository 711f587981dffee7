import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageFirst } from '../lines.mjs'
import { inTurns } from '../using.mjs'

/** Lines in a turn of the event loop, as a busy request logs. */
const FEW = 10
const FILE_BYTES = 10_000_000

export const cases = [
  {
    id: 'rotation-line',
    name: 'a line of six fields to a file that rotates by size and by day, 10 lines a turn',
    target: 'file',
    bars: [{ against: 'a file that does not', atMost: 1.05 }],
    contenders: {
      'a file that rotates': inTurns(FEW, logging({ size: 1e12, every: 'day' }), messageFirst.six),
      'a file that does not': inTurns(FEW, logging(undefined), messageFirst.six),
    },
  },
  {
    id: 'rotation-once',
    name: 'the event loop during one rotation of a file of 10 MB, compressed with gzip',
    unit: 'ms',
    profiled: false,
    bars: [{ atMostAll: 5 }],
    settings: ({ rounds }) => ({ sets: 1, rounds, warmUpMs: 0, roundMs: 1 }),
    contenders: {
      'one rotation': rotating({ size: 1e12, compress: 'gzip' }),
      'not compressed': rotating({ size: 1e12 }),
    },
  },
]

function logging(rotate) {
  return async ({ folder }) => {
    const { createLogger, file } = await import('throughline')
    const path = join(folder, `${process.pid}.log`)
    const destination = file(path, rotate === undefined ? {} : { rotate })
    const log = createLogger({ service: 'api', env: {}, destination })
    return { log, written: () => log.flush() }
  }
}

/** CPU time of the thread of the event loop: another program's share of the processor is not in it. Linux only. */
function mainThreadMs() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

/** What the event loop's thread does from the call until the file is compressed. */
function rotating(rotate) {
  return async ({ folder }) => {
    const { file } = await import('throughline')
    const path = join(folder, `${process.pid}.log`)
    const line = `{"message":"${'größer und größer '.repeat(8)}"}\n`
    return {
      calls: 1,
      async round() {
        const log = file(path, { rotate })
        for (let written = 0; written < FILE_BYTES; written += line.length) log.write(line, 30)
        log.flushSync()
        await sleep(20)
        const before = mainThreadMs()
        log.reopen()
        await log.close({ timeoutMs: 60_000 })
        await sleep(20)
        return mainThreadMs() - before
      },
    }
  }
}
