// Logs numbered lines to a file that rotates, until it is killed or for so many lines: `node rotating.mjs <path> <rotate> <who> <returned> [lines]`.
// Each number is written to the file <returned> after its call has returned, the first one to standard output too.
import { openSync, writeSync } from 'node:fs'
import { createLogger, file } from 'throughline'

const [path, rotate, who, returnedPath, lines = 'Infinity'] = process.argv.slice(2)
const returned = openSync(returnedPath, 'a')
const log = createLogger({
  service: 'rotating',
  env: {},
  destination: file(path, { policy: 'line', rotate: JSON.parse(rotate) }),
})
let n = 0

function work() {
  for (let i = 0; i < 10 && n < Number(lines); i++, n++) {
    log.info('line', { who, n, pad: 'größer '.repeat(n % 20) })
    writeSync(returned, `${n}\n`)
    if (n === 0) writeSync(1, 'started')
  }
  if (n < Number(lines)) setImmediate(work)
  else log.close()
}

work()
