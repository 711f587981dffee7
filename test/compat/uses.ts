/** How a program uses a package as published. The same statements run as ESM and CJS and are compiled with its types. */
export type Use = {
  /** What is imported, by module: `{ throughline: ['createLogger'] }`. */
  readonly imports: Readonly<Record<string, readonly string[]>>
  /** Statements without `await` at the top, so that CJS can run them. */
  readonly body: string
  /** The records that the program's stdout must hold, one a line; each may have more fields. */
  readonly records: readonly Readonly<Record<string, unknown>>[]
}

/** Every published package has one: a test fails on a package without. */
export const uses: Readonly<Record<string, Use>> = {
  '@throughline/testing': {
    imports: { '@throughline/testing': ['captureLogs'] },
    body: "const logs = captureLogs()\nlogs.createLogger({ service: 'compat' }).warn('low')\nconsole.log(JSON.stringify(logs.find({ level: 'WARN' })))",
    records: [{ level: 'WARN', service: 'compat', message: 'low' }],
  },
  throughline: {
    imports: { throughline: ['createLogger'] },
    body: "createLogger({ service: 'compat' }).info('hello', { a: 1 })",
    records: [{ level: 'INFO', service: 'compat', message: 'hello', a: 1 }],
  },
  '@throughline/undici': {
    imports: { throughline: ['context', 'createLogger'], '@throughline/undici': ['installGlobal'] },
    body: `installGlobal({ log: createLogger({ service: 'compat' }) })
context.run({ request_id: 'r-1' }, () => fetch('http://127.0.0.1:2/a?b=1').catch(() => {}))`,
    records: [{ level: 'WARN', message: 'Outgoing request completed', request_id: 'r-1', path: '/a' }],
  },
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
