import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { completed } from '../lines.mjs'
import { pino } from '../loggers/pino.mjs'
import { throughline } from '../loggers/throughline.mjs'

const tests = join(import.meta.dirname, '../..')

export const cases = [
  {
    id: 'memory',
    name: 'growth of the resident memory over 1,000,000 lines of six fields, after as many',
    unit: 'MB',
    // V8 widens its young generation by steps while a program runs; what is left is the logger's own.
    nodeArgs: ['--expose-gc', '--min-semi-space-size=16', '--max-semi-space-size=16'],
    profiled: false,
    // A megabyte is what the allocator may hold at the moment: a byte a line.
    bars: [{ atMostAll: 1 }],
    settings: () => ({ sets: 1, rounds: 3, warmUpMs: 0, roundMs: 1 }),
    contenders: {
      throughline: growing(throughline('turn'), (log, i) => log.info('Request completed', completed(i))),
      pino: growing(pino(4096), (log, i) => log.info(completed(i), 'Request completed')),
    },
  },
  {
    id: 'start-up',
    name: '`require` in a new process',
    unit: 'ms',
    profiled: false,
    bars: [{ against: 'pino', atMost: 1 }],
    settings: ({ rounds }) => ({ sets: 1, rounds: 2 * rounds, warmUpMs: 0, roundMs: 1 }),
    contenders: Object.fromEntries(['throughline', 'pino', 'winston', 'bunyan'].map((name) => [name, required(name)])),
  },
  {
    id: 'size',
    name: 'the core, bundled, minified and gzipped, without `@throughline/event` and its compiler',
    unit: 'kB',
    nodes: [24],
    profiled: false,
    bars: [{ atMostAll: 25 }],
    settings: () => ({ sets: 1, rounds: 1, warmUpMs: 0, roundMs: 1 }),
    contenders: Object.fromEntries(['throughline', 'pino', 'winston', 'bunyan'].map((name) => [name, bundled(name)])),
  },
]

/** Megabytes that a million lines leave behind; the first million is the warm-up. */
function growing(make, line) {
  return async (place) => {
    const log = await make(place)
    let before = 0
    return {
      calls: 1_000_000,
      async round(lines) {
        for (let i = 0; i < lines; i++) {
          line(log, i)
          if (i % 100 === 0) await setImmediate()
        }
        globalThis.gc()
        const after = process.memoryUsage.rss() / 1e6
        const growth = after - before
        before = after
        return growth
      },
    }
  }
}

/** The CPU time that the first `require` of a package takes in a process that has loaded nothing else. */
function required(name) {
  const program = `const { user, system } = process.cpuUsage(); require('${name}')
    const taken = process.cpuUsage({ user, system }); console.log((taken.user + taken.system) / 1000)`
  return () => ({
    round: async () => Number(execFileSync(process.execPath, ['-e', program], { cwd: tests, encoding: 'utf8' })),
  })
}

function bundled(name) {
  return async () => {
    const { build } = await import('esbuild')
    return {
      async round() {
        const { outputFiles } = await build({
          stdin: { contents: `export * from '${name}'`, resolveDir: tests },
          bundle: true,
          minify: true,
          platform: 'node',
          format: 'esm',
          write: false,
          // bunyan's, where it is installed: its binary is found by a pattern that no bundler follows.
          external: ['dtrace-provider'],
          logLevel: 'silent',
          // As published: the workspace's own configuration reads the sources.
          tsconfigRaw: {},
        })
        return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000
      },
    }
  }
}
