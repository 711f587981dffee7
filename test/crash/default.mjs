// Logs where the environment says: `LOG_DESTINATION=stdout node default.mjs`.
import { createLogger } from 'throughline'

const log = createLogger({ service: 'default' })
for (let n = 0; n < 100; n++) log.info('line', { n })
process.exit()
