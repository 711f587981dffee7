// Logs more than any pipe takes, and exits: `node flood-and-exit.mjs`.
import { createLogger } from 'throughline'

const log = createLogger({ service: 'flood' })
for (let n = 0; n < 10_000; n++) log.info('line', { n })
process.exit(5)
