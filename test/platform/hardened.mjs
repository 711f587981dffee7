import { context, createLogger, stdout } from 'throughline'

const log = createLogger({ service: 'hardened', env: {}, destination: stdout(), sampling: { success: 1 } })
context.run({ request_id: 'req-1' }, () => {
  log
    .child({ table: 'users' }, { name: 'db' })
    .info('Fetching %s', 'user', { password: 'canary', nested: { list: [1, new Map([['a', 1]])] } })
  log.error('failed', new TypeError('broken', { cause: new Error('inner') }))
})
await log.operation('job', async () => log.info('within'))
await log.close()
