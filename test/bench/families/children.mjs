import { pino } from '../loggers/pino.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

// Kept where it can be seen, so that the compiler cannot leave the child out.
const kept = { child: undefined }

const child = (log) => (i) => {
  kept.child = log.child({ user_id: i, table: 'users' })
}

const childAndLine = (log) => (i) => log.child({ user_id: i, table: 'users' }).info('hello world')

export const cases = [
  {
    id: 'child-creation',
    name: 'child creation with 2 bindings',
    bars: [{ against: 'pino', atLeast: 3 }],
    contenders: { throughline: using(throughline(at4K), child), pino: using(pino(4096), child) },
  },
  {
    id: 'child-and-line',
    name: 'child creation with 2 bindings and one line of it, buffered',
    bars: [],
    contenders: { throughline: using(throughline(at4K), childAndLine), pino: using(pino(4096), childAndLine) },
  },
]
