import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'

// `next build` runs this too, where there is no store.
const url = process.env.LOKI_URL ?? 'http://loki:3100'
export const log = createLogger({ service: 'next', env: {}, destination: loki({ url }) })
