// Has no descriptor left when its file is rotated: `ulimit -n 64; node reopen.mjs <file>`.
import { closeSync, openSync, renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger, file } from 'throughline'

const [path] = process.argv.slice(2)
const destination = file(path, { policy: 'line' })
const log = createLogger({ service: 'reopen', destination })
log.info('before')
const taken = []
try {
  for (;;) taken.push(openSync('/dev/null'))
} catch {
  // EMFILE.
}
renameSync(path, `${path}.1`)
destination.reopen()
log.info('meanwhile')
for (const fd of taken) closeSync(fd)
await sleep(500)
log.info('after')
