// Ships to the store at argv[2] in both ways that there are: while the process lives, and at its end.
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'

const log = createLogger({ service: 'both-ways', env: {}, destination: loki({ url: process.argv[2] }) })
log.info('by the thread that encodes')
log.flush().then(() => {
  log.info('by the last push')
  process.exit(0)
})
