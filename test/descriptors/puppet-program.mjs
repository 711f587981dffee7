// Logs what it is told to: `node puppet-program.mjs <options>`. Commands come as JSON lines on standard input, one answer to each
// goes out on standard error, marked with an @. It ends when its input does.
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createLogger, file, stderr, stdout } from 'throughline'

const { to = 'stdout', path, sequence = false, level = 'info', ...options } = JSON.parse(process.argv[2])
const destination = to === 'file' ? file(path, options) : to === 'stderr' ? stderr(options) : stdout(options)
const log = createLogger({ service: 'puppet', destination, sequence, level })
let n = 0
let ticks = 0
let timer

/** Every hundredth line is a warning; with `debug` every second one of the others is below INFO. */
function write({ count, pad = '', debug = false }) {
  for (let i = 0; i < count; i++, n++) {
    if (n % 100 === 99) log.warn('line', { n, pad })
    else if (debug && n % 2 === 0) log.debug('line', { n, pad })
    else log.info('line', { n, pad })
  }
}

const commands = {
  log: write,
  /** Goes on logging. */
  start({ everyMs, ...what }) {
    timer = setInterval(() => {
      ticks++
      write(what)
    }, everyMs)
  },
  stop() {
    clearInterval(timer)
  },
  ask: () => ({ ticks, logged: n, rss: process.memoryUsage().rss, stats: log.stats() }),
  flush: () => log.flush(),
  flushSync: () => log.flushSync(),
  close: () => log.close(),
  reopen: () => destination.reopen(),
  exit({ code }) {
    process.exit(code)
  },
  kill({ signal }) {
    process.kill(process.pid, signal)
  },
}

createInterface({ input: process.stdin }).on('line', async (text) => {
  const { command, ...what } = JSON.parse(text)
  const answer = await commands[command](what)
  writeSync(2, `@${JSON.stringify(answer ?? {})}\n`)
})
writeSync(2, '@{}\n')
