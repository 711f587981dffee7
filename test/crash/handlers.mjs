// A program with handlers of its own: `node handlers.mjs <scenario> <policy>`. With the policy `none` it is the same program
// without the logger.
import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { createLogger, stdout } from 'throughline'

const [scenario, policyText] = process.argv.slice(2)
const policy = policyText.startsWith('{') ? JSON.parse(policyText) : policyText
const silent = { info() {}, warn() {}, fatal() {} }
const create = (make = createLogger) => {
  if (policy === 'none') return silent
  return make({ service: 'handlers', destination: stdout({ policy }) })
}
const send = (signal) => process.kill(process.pid, signal)
const live = () => setInterval(() => {}, 1000)
const crash = () => {
  throw new Error('the crash')
}

const scenarios = {
  gracefulAfter() {
    const log = create()
    process.on('SIGTERM', () => {
      log.info('stopping')
      setTimeout(() => {
        log.info('stopped')
        process.exit(3)
      }, 50)
    })
    live()
    send('SIGTERM')
  },
  gracefulBefore() {
    let log
    process.on('SIGTERM', () => {
      log.info('stopping')
      setTimeout(() => {
        log.info('stopped')
        process.exit(3)
      }, 50)
    })
    log = create()
    live()
    send('SIGTERM')
  },
  onceAfter() {
    const log = create()
    process.once('SIGINT', () => {
      log.info('once')
      setTimeout(() => send('SIGINT'), 20)
    })
    live()
    send('SIGINT')
  },
  onceBefore() {
    let log
    process.once('SIGINT', () => {
      log.info('once')
      setTimeout(() => send('SIGINT'), 20)
    })
    log = create()
    live()
    send('SIGINT')
  },
  oncePrepended() {
    const log = create()
    process.prependOnceListener('SIGHUP', () => {
      log.info('once')
      setTimeout(() => process.exit(4), 20)
    })
    live()
    send('SIGHUP')
  },
  ignored() {
    const log = create()
    let times = 0
    process.on('SIGTERM', () => {
      log.info('ignored')
      setTimeout(++times === 2 ? () => process.exit(6) : () => send('SIGTERM'), 20)
    })
    live()
    send('SIGTERM')
  },
  handlerTakenBack() {
    const log = create()
    const handler = () => log.info('handled')
    process.on('SIGTERM', handler)
    process.off('SIGTERM', handler)
    log.info('line')
    live()
    send('SIGTERM')
  },
  allListenersRemoved() {
    const log = create()
    setTimeout(() => {
      process.removeAllListeners('SIGTERM')
      setTimeout(() => {
        log.info('line')
        send('SIGTERM')
      }, 20)
    }, 20)
    live()
  },
  listenersRemovedAtOnce() {
    const log = create()
    log.info('line')
    process.removeAllListeners('SIGTERM')
    live()
    send('SIGTERM')
  },
  exitListenersRemoved() {
    const log = create()
    log.info('line')
    process.removeAllListeners('exit')
    process.exit(5)
  },
  exitListenersRemovedOneByOne() {
    const log = create()
    process.on('exit', () => log.info('never'))
    log.info('line')
    for (const listener of process.listeners('exit')) process.off('exit', listener)
    process.exit(5)
  },
  // As long as there are some: that has to end.
  listenersRemovedUntilNone() {
    const log = create()
    log.info('line')
    while (process.listenerCount('exit') > 0) process.removeAllListeners('exit')
    setTimeout(() => process.exit(5), 20)
  },
  // As the package signal-exit does it: it lets the process die when no handler but its own is there.
  diesWhenAlone() {
    const log = create()
    const listener = () => {
      if (process.listeners('SIGTERM').length > 1) return
      log.info('alone')
      process.off('SIGTERM', listener)
      process.kill(process.pid, 'SIGTERM')
    }
    process.on('SIGTERM', listener)
    live()
    send('SIGTERM')
  },
  exceptionSurvived() {
    const log = create()
    process.on('uncaughtException', ({ message }) => log.warn(`survived ${message}`))
    setTimeout(() => log.info('later'), 20)
    crash()
  },
  exceptionHandledToItsEnd() {
    let log
    process.on('uncaughtException', () => {
      log.fatal('my own words')
      process.exit(9)
    })
    log = create()
    crash()
  },
  exceptionInTheHandler() {
    const log = create()
    process.on('uncaughtException', () => {
      log.info('handling')
      throw new Error('the handler crashed too')
    })
    crash()
  },
  exceptionCaptured() {
    const log = create()
    process.setUncaughtExceptionCaptureCallback(({ message }) => log.warn(`captured ${message}`))
    crash()
  },
  rejectionSurvived() {
    const log = create()
    process.on('unhandledRejection', ({ message }) => log.warn(`survived ${message}`))
    setTimeout(() => log.info('later'), 20)
    Promise.reject(new Error('the rejection'))
  },
  rejection() {
    const log = create()
    setTimeout(() => log.info('later'), 20)
    Promise.reject(new Error('the rejection'))
  },
  exceptionMidWay() {
    const log = create()
    setTimeout(() => {
      log.info('line')
      crash()
    }, 10)
  },
  exitHandlers() {
    let log
    process.on('exit', (code) => log.info(`before, ${code}`))
    log = create()
    process.on('exit', (code) => log.info(`after, ${code}`))
    setTimeout(() => {
      process.on('exit', (code) => {
        log.info(`late, ${code}`)
        log.info('last words')
      })
      log.info('line')
      process.exit(8)
    }, 10)
  },
  exitHandlerThrows() {
    const log = create()
    process.on('exit', () => {
      log.info('line')
      crash()
    })
  },
  exitCode() {
    const log = create()
    log.info('line')
    process.exitCode = 11
    process.on('beforeExit', () => {
      if (process.exitCode === 11) log.info('before exit')
      process.exitCode = 12
    })
  },
  exitInPromise() {
    const log = create()
    Promise.resolve().then(() => {
      log.info('line')
      process.exit(2)
    })
  },
  abandoned() {
    for (let i = 0; i < 100; i++) create().info('line')
    gc()
    setTimeout(() => {
      gc()
      gc()
      process.exit(0)
    }, 50)
  },
  severalLoggers() {
    const [one, two] = [create(), create()]
    one.info('one')
    two.info('two')
    one.info('one again')
    crash()
  },
  twoCopies() {
    const copy = createRequire(import.meta.url)('throughline')
    const [one, two] = [create(), create(copy.createLogger)]
    for (let i = 0; i < 3; i++) {
      one.info('one')
      two.info('two')
    }
    crash()
  },
  destinationThrows() {
    const log = create()
    const broken = () => {
      throw new Error('a broken destination')
    }
    if (log !== silent) {
      createLogger({ destination: { write: broken, flush: broken, flushSync: broken, close: broken } }).info('lost')
    }
    log.info('line')
    process.exit(10)
  },
  manyListeners() {
    const log = create()
    // Below the limit at which Node warns of a leak, with nothing of ours counted in.
    for (let i = 0; i < EventEmitter.defaultMaxListeners - 1; i++) {
      for (const event of ['exit', 'SIGTERM', 'uncaughtExceptionMonitor']) process.on(event, () => {})
    }
    log.info('line')
  },
}

scenarios[scenario]()
