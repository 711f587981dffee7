// Logs a secret in every way, holds lines that have it, and ends: `LOG_FORMAT=… node ways-out.mjs <ending> <folder>`. Where
// lines are rendered for people they go to standard output, else to both branches of a fan-out as well.
import { join } from 'node:path'
import { context, createLogger, fanOut, file, stdout } from 'throughline'

const CANARY = 'cAnArY7f3a91'
const [ending, folder] = process.argv.slice(2)
const branches = () => [
  stdout(),
  file(join(folder, 'all.log')),
  { destination: file(join(folder, 'warn.log')), level: 'warn' },
]
const log = createLogger({
  service: 's',
  level: 'trace',
  redact: { detect: 'all', paths: ['user.nick'] },
  sampling: { success: 0, hold: 'debug' },
  fields: { api_key: CANARY, settings: new Map([['password', CANARY]]) },
  ...(process.env.LOG_FORMAT === 'pretty' ? {} : { destination: fanOut(branches()) }),
})

function failure() {
  const cause = Object.assign(new Error(`GET https://u:${CANARY}@h/?token=${CANARY}`), { config: { auth: CANARY } })
  return Object.assign(new TypeError(`login failed: password=${CANARY}`, { cause }), { token: CANARY })
}

const log2 = log.child({ session_id: CANARY }, { name: 'child' })
log2.info(`Authorization: Bearer ${CANARY}`, { headers: ['Cookie', CANARY], user: { nick: CANARY } })
log2.error('failed', failure())
log2.audit('deleted', { password: CANARY })
context.run({ csrf_token: CANARY }, () =>
  log.operation('login', { otp: CANARY }, async () => {
    log.info('held info', { password: CANARY, text: `"secret": "${CANARY}"` })
    log.debug('held debug %j', { client_secret: CANARY })
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  }),
)
log2.warn('planted', { access_token: CANARY })

setTimeout(() => {
  if (ending === 'rejection') Promise.reject(failure())
  else if (ending === 'exit') process.exit(4)
  else if (ending === 'SIGTERM') process.kill(process.pid, 'SIGTERM')
  else throw failure()
}, 20)
