/** What is measured. Each case gives its contenders: ours, the peers, and where there is one the floor of the machine. */
import { openSync, writeSync } from 'node:fs'
import pino from 'pino'
import { context, createLogger, file } from 'throughline'

const NULL = '/dev/null'

/** Ours at a write policy, to a path. */
const ours = (policy, options = {}, path = NULL) =>
  createLogger({ service: 'api', env: {}, destination: file(path, { policy, mkdir: false }), ...options })

const at4K = { bytes: 4096, ms: 1000 }

/** pino at its own default output, buffered as ours is, or written a line at a time. */
const pinoAt = (minLength, options = {}, path = NULL) =>
  pino(options, pino.destination({ dest: path, minLength, sync: true }))

/** pino set to write what we write. */
const sameOutput = {
  base: { service: 'api' },
  messageKey: 'message',
  timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
  formatters: { level: (label) => ({ level: label.toUpperCase() }) },
}

const completed = (i) => ({
  method: i & 1 ? 'GET' : 'POST',
  path: `/users/${i}`,
  route: '/users/:id',
  status_code: 200,
  response_time_ms: (i % 1000) / 8,
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
})

const four = { table: 'users', shard: 3, region: 'eu-west-1', primary: true }

/** The machine's own limit: the same bytes from a constant string, and the clock. */
function floor(line, bytes) {
  const fd = openSync(NULL, 'w')
  let pending = ''
  return () => {
    Date.now()
    pending += line
    if (pending.length < bytes) return
    writeSync(fd, pending)
    pending = ''
  }
}

const PLAIN = '{"timestamp":"2026-11-22T20:56:34.793Z","level":"INFO","service":"api","message":"hello world"}\n'

export const cases = [
  {
    name: 'plain message, buffered at 4 K',
    bar: 7,
    make: () => {
      const [a, b, c] = [ours(at4K), pinoAt(4096), pinoAt(4096, sameOutput)]
      return {
        throughline: () => a.info('hello world'),
        pino: () => b.info('hello world'),
        'pino, our output': () => c.info('hello world'),
        floor: floor(PLAIN, 4096),
      }
    },
  },
  {
    name: 'message and one field, buffered',
    bar: 5.5,
    make: () => {
      const [a, b, c] = [ours(at4K), pinoAt(4096), pinoAt(4096, sameOutput)]
      return {
        throughline: (i) => a.info('hello world', { user_id: i }),
        pino: (i) => b.info({ user_id: i }, 'hello world'),
        'pino, our output': (i) => c.info({ user_id: i }, 'hello world'),
      }
    },
  },
  {
    name: 'child with 4 bindings, buffered',
    bar: 5.5,
    make: () => {
      const [a, b] = [ours(at4K).child(four), pinoAt(4096).child(four)]
      return { throughline: () => a.info('hello world'), pino: () => b.info('hello world') }
    },
  },
  {
    name: 'six fields of a completed request, buffered, our default redaction on, pino without any',
    bar: 2.7,
    make: () => {
      const [a, b, c] = [ours(at4K), pinoAt(4096), pinoAt(4096, sameOutput)]
      return {
        throughline: (i) => a.info('Request completed', completed(i)),
        pino: (i) => b.info(completed(i), 'Request completed'),
        'pino, our output': (i) => c.info(completed(i), 'Request completed'),
      }
    },
  },
  {
    name: 'one write per line: plain',
    bar: 2.2,
    make: () => {
      const [a, b] = [ours('line'), pinoAt(0)]
      return { throughline: () => a.info('hello world'), pino: () => b.info('hello world') }
    },
  },
  {
    name: 'one write per line: six fields',
    bar: 1.7,
    make: () => {
      const [a, b] = [ours('line'), pinoAt(0)]
      return {
        throughline: (i) => a.info('Request completed', completed(i)),
        pino: (i) => b.info(completed(i), 'Request completed'),
      }
    },
  },
  {
    name: 'an Error that is logged again and again, buffered',
    bar: 2.2,
    make: () => {
      const [a, b] = [ours(at4K), pinoAt(4096)]
      const error = new Error('connect ECONNREFUSED')
      return { throughline: () => a.info('failed', error), pino: () => b.info(error, 'failed') }
    },
  },
  {
    name: 'a new Error each time, buffered',
    bar: 1.3,
    make: () => {
      const [a, b] = [ours(at4K), pinoAt(4096)]
      return {
        throughline: () => a.info('failed', new Error('connect ECONNREFUSED')),
        pino: () => b.info(new Error('connect ECONNREFUSED'), 'failed'),
      }
    },
  },
  {
    name: '`%s %j %d` interpolation, buffered',
    bar: 3,
    make: () => {
      const [a, b] = [ours(at4K), pinoAt(4096)]
      return {
        throughline: (i) => a.info('user %s did %j in %d ms', 'ada', { action: 'login' }, i),
        pino: (i) => b.info('user %s did %j in %d ms', 'ada', { action: 'login' }, i),
      }
    },
  },
  {
    name: 'child creation with 2 bindings',
    bar: 3,
    make: () => {
      const [a, b] = [ours(at4K), pinoAt(4096)]
      const kept = { throughline: undefined, pino: undefined }
      // Kept where it can be seen, so that the compiler cannot leave the child out.
      return {
        throughline: (i) => {
          kept.throughline = a.child({ user_id: i, table: 'users' })
        },
        pino: (i) => {
          kept.pino = b.child({ user_id: i, table: 'users' })
        },
      }
    },
  },
  {
    name: 'default redaction on, against off (six fields)',
    most: 1.15,
    make: () => {
      const [on, off] = [ours(at4K), ours(at4K, { redact: false })]
      return {
        throughline: (i) => on.info('Request completed', completed(i)),
        'redact: false': (i) => off.info('Request completed', completed(i)),
      }
    },
  },
  {
    name: 'plain message at 16 K, against the floor at 16 K',
    most: 2.2,
    make: () => {
      const a = ours({ bytes: 16_384, ms: 1000 })
      return { throughline: () => a.info('hello world'), floor: floor(PLAIN, 16_384) }
    },
  },
  {
    name: 'inside a context, against outside it, the same line but for the context',
    most: 1.25,
    make: () => {
      const [inside, outside] = [ours(at4K), ours(at4K, { fields: { request_id: 'req-123-abc' } })]
      let run
      // The context is entered once, as a request does it, and not for each line.
      context.run({ request_id: 'req-123-abc' }, () => {
        run = context.bind((calls) => {
          for (let i = 0; i < calls; i++) inside.info('hello world')
        })
      })
      return {
        throughline: (i) => {
          if (i % 100 === 0) run(100)
        },
        'outside a context': () => outside.info('hello world'),
      }
    },
  },
  {
    name: 'an operation with 10 lines that sampling drops, against one that is kept',
    most: 0.2,
    make: () => {
      const [dropped, kept] = [0, 1].map((success) => ours(at4K, { sampling: { success } }))
      const operation = (log) => {
        const { log: own, ...rest } = begin(log)
        for (let line = 0; line < 10; line++) own.info('Fetching user', { user_id: line, table: 'users' })
        rest.end()
      }
      return { throughline: () => operation(dropped), kept: () => operation(kept) }
    },
  },
]

function begin(log) {
  const operation = log.begin({ name: 'request', kind: 'request', fields: IDS })
  return { log: operation.log, end: () => operation.end(OUTCOME) }
}

const IDS = { request_id: 'req-123-abc', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }
const OUTCOME = {
  message: 'Request completed',
  level: 'info',
  fields: { status_code: 200 },
  failed: false,
  durationMs: 3,
}
