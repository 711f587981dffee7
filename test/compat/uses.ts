/** How a program uses a package as published. The same statements run as ESM and CJS and are compiled with its types. */
export type Use = {
  /** What is imported, by module: `{ throughline: ['createLogger'] }`. */
  readonly imports: Readonly<Record<string, readonly string[]>>
  /** Statements without `await` at the top, so that CJS can run them. */
  readonly body: string
  /** The records that the program's stdout must hold, one a line; each may have more fields. */
  readonly records: readonly object[]
}

/** Every published package has one: a test fails on a package without. */
export const uses: Readonly<Record<string, Use>> = {
  '@throughline/cli': {
    imports: { 'node:fs': ['writeFileSync'], '@throughline/cli': ['run'] },
    body: `writeFileSync('cli.log', '{"level":"INFO","message":"hello"}\\n')
run(['stats', '--json', 'cli.log'])`,
    records: [{ files: ['cli.log'], lines: 1, by_level: [{ name: 'INFO', lines: 1 }] }],
  },
  '@throughline/explorer': {
    imports: { '@throughline/explorer': ['openStore', 'serve'] },
    body: `openStore().then(async (store) => {
  await store.addRecords([{ labels: { app: 'a' }, ts: '1700000000000000000', line: 'hello' }])
  const { url, token, close } = await serve(store)
  const answer = await fetch(\`\${url}/loki/api/v1/labels\`, { headers: { authorization: \`Bearer \${token}\` } })
  console.log(await answer.text())
  await close()
  await store.close()
})`,
    records: [{ status: 'success', data: ['app'] }],
  },
  '@throughline/express': {
    imports: {
      'node:http': ['createServer'],
      throughline: ['createLogger'],
      '@throughline/express': ['requestLogger'],
    },
    body: `const logger = requestLogger(createLogger({ service: 'compat' }), { responseHeader: 'x-id' })
const server = createServer((req, res) => {
  logger(Object.assign(req, { originalUrl: req.url ?? '/' }), res, () => res.end())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  fetch(\`http://127.0.0.1:\${port}/a?b=1\`).then(() => server.close())
})`,
    records: [{ message: 'Request started' }, { message: 'Request completed', path: '/a', status_code: 200 }],
  },
  '@throughline/fastify': {
    imports: {
      fastify: ['fastify'],
      throughline: ['createLogger'],
      '@throughline/fastify': ['fastifyOptions', 'requestLogger'],
    },
    body: `const app = fastify(fastifyOptions(createLogger({ service: 'compat' })))
app.register(requestLogger)
app.register(async (scope) => {
  scope.get('/a/:id', async (request) => request.id)
})
app.inject('/a/1').then(() => app.close())`,
    records: [{ message: 'Request started' }, { message: 'Request completed', route: '/a/:id', status_code: 200 }],
  },
  '@throughline/http': {
    imports: {
      'node:http': ['createServer'],
      throughline: ['createLogger'],
      '@throughline/http': ['withRequestLogging'],
    },
    body: `const log = createLogger({ service: 'compat' })
const server = createServer(
  withRequestLogging(log, (req, res) => {
    req.log.debug(req.id)
    res.end()
  }),
)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  fetch(\`http://127.0.0.1:\${port}/a?b=1\`).then(() => server.close())
})`,
    records: [{ message: 'Request started' }, { message: 'Request completed', path: '/a', status_code: 200 }],
  },
  '@throughline/logql': {
    imports: { '@throughline/logql': ['queryInstant'] },
    body: `const engine = { streams: async () => [], scan: async function* () {} }
queryInstant(engine, '1 + 1', { time: 5_000_000_000n }).then((data) => console.log(JSON.stringify(data)))`,
    records: [{ resultType: 'scalar', result: [5, '2'] }],
  },
  '@throughline/testing': {
    imports: { '@throughline/testing': ['captureLogs'] },
    body: "const logs = captureLogs()\nlogs.createLogger({ service: 'compat' }).warn('low')\nconsole.log(JSON.stringify(logs.find({ level: 'WARN' })))",
    records: [{ level: 'WARN', service: 'compat', message: 'low' }],
  },
  throughline: {
    imports: { throughline: ['createLogger'] },
    body: `const { info } = createLogger({ service: 'compat' })
info('hello', { a: 1 })`,
    records: [{ level: 'INFO', service: 'compat', message: 'hello', a: 1 }],
  },
  '@throughline/event': {
    imports: { throughline: ['createLogger'], '@throughline/event': ['defineEvent'] },
    body: `const log = createLogger({ service: 'compat' })
const tried = defineEvent('tried', {
  type: 'object',
  properties: { id: { type: 'string' }, lines: { type: 'array', items: { type: 'number' } } },
})
log.emit(tried, { id: 'x', lines: [1] })`,
    records: [{ message: 'tried', event: 'tried', id: 'x', lines: [1] }],
  },
  '@throughline/undici': {
    imports: { throughline: ['context', 'createLogger'], '@throughline/undici': ['installGlobal'] },
    body: `installGlobal({ log: createLogger({ service: 'compat' }) })
context.run({ request_id: 'r-1' }, () => fetch('http://127.0.0.1:2/a?b=1').catch(() => {}))`,
    records: [{ level: 'WARN', message: 'Outgoing request completed', request_id: 'r-1', path: '/a' }],
  },
  '@throughline/transport': {
    imports: { '@throughline/transport': ['checkOptions', 'checkTransport', 'transport'] },
    body: `
const checked = checkTransport(checkOptions('ndjson', { url: 'http://127.0.0.1:9' }, ['url']))
const protocol = { name: 'ndjson', contentType: 'application/x-ndjson', encode: () => '' }
void transport(protocol, checked).close().then(() => console.log(JSON.stringify(checked.endpoint.shown.split(':'))))`,
    records: [['http', '//127.0.0.1', '9/']],
  },
  '@throughline/loki': {
    imports: { '@throughline/loki': ['loki'], throughline: ['createLogger'], 'node:http': ['createServer'] },
    body: shipping('loki({ url: origin, gzip: false })'),
    records: [{ streams: [{ stream: { app: 'compat', level: 'INFO' } }] }],
  },
  '@throughline/otlp': {
    imports: { '@throughline/otlp': ['otlp'], throughline: ['createLogger'], 'node:http': ['createServer'] },
    body: shipping("otlp({ url: origin, gzip: false, protocol: 'http/json' })"),
    records: [
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityText: 'INFO', body: { stringValue: 'shipped' } }] }] }] },
    ],
  },
}

/** A program that logs to a server of its own, which prints what it receives. */
function shipping(destination: string): string {
  return `
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part) => (body += part))
  request.on('end', () => {
    console.log(body)
    response.writeHead(204).end()
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const origin = \`http://127.0.0.1:\${typeof address === 'object' ? address?.port : ''}\`
  const log = createLogger({ service: 'compat', destination: ${destination} })
  log.info('shipped')
  void log.close().then(() => server.close())
})`
}

/** The program as an ES module; TypeScript compiles the same text, as `.cts` too. */
export function esm({ imports, body }: Use): string {
  const lines = Object.entries(imports).map(([module, names]) => `import { ${names.join(', ')} } from '${module}'`)
  return `${[...lines, body].join('\n')}\n`
}

/** The program as a CommonJS module. */
export function cjs({ imports, body }: Use): string {
  const lines = Object.entries(imports).map(([module, names]) => `const { ${names.join(', ')} } = require('${module}')`)
  return `${[...lines, body].join('\n')}\n`
}
