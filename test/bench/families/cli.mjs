import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lastIdOf, writeLog } from '../service-log.mjs'

const beside = (url) => join(dirname(fileURLToPath(url)), 'bin.js')
const throughline = (...args) => [beside(import.meta.resolve('@throughline/cli')), ...args]
const pinoPretty = (...args) => [beside(import.meta.resolve('pino-pretty')), ...args]

/** Large enough that starting Node counts for little. */
const SEARCHED = 1e9
const RENDERED = 20e6

/** What the cases have in common: whole processes as people start them, on files made for them. */
const wholeProcess = {
  unit: 'ms',
  nodes: [24],
  inQuick: false,
  profiled: false,
  settings: ({ rounds }) => ({ sets: 1, rounds: Math.min(rounds, 5), warmUpMs: 0, roundMs: 1 }),
}

export const cases = [
  {
    ...wholeProcess,
    id: 'cli-trace',
    name: `wall clock of \`throughline trace\` in ${SEARCHED / 1e9} GB`,
    prepare: (folder) => writeLog(logIn(folder), SEARCHED),
    bars: [{ against: 'grep -c', atLeast: 0.33 }],
    contenders: {
      throughline: program((log) => [process.execPath, ...throughline('trace', lastIdOf(log), log)]),
      'grep -c': program((log) => ['grep', '-c', lastIdOf(log), log]),
    },
  },
  rendering('cli-pretty', 'throughline pretty', throughline('pretty'), {
    'pino-pretty': pinoPretty(),
    'pino-pretty --singleLine': pinoPretty('--singleLine'),
  }),
  rendering('cli-pretty-color', 'throughline pretty --color', throughline('pretty', '--color'), {
    'pino-pretty --colorize': pinoPretty('--colorize'),
  }),
  rendering(
    'cli-pretty-sorted',
    'throughline pretty --sort',
    throughline('pretty', '--sort'),
    { 'pino-pretty': pinoPretty() },
    2,
  ),
  rendering('cli-stats', 'throughline stats', throughline('stats'), { 'pino-pretty': pinoPretty() }),
]

function rendering(id, said, ours, peers, atLeast = 3) {
  const contenders = Object.entries({ throughline: ours, ...peers })
  return {
    ...wholeProcess,
    id,
    name: `wall clock of \`${said}\` on ${RENDERED / 1e6} MB`,
    prepare: (folder) => writeLog(logIn(folder), RENDERED),
    bars: Object.keys(peers).map((against) => ({ against, atLeast })),
    contenders: Object.fromEntries(
      contenders.map(([name, args]) => [name, program(() => [process.execPath, ...args], { readsInput: true })]),
    ),
  }
}

function program(commandOf, { readsInput = false } = {}) {
  return ({ folder }) => {
    const log = logIn(folder)
    const [command, ...args] = commandOf(log)
    return { round: async () => timed(command, args, readsInput ? log : undefined) }
  }
}

function timed(command, args, input) {
  const stdin = input === undefined ? 'ignore' : openSync(input, 'r')
  const started = performance.now()
  const { status, error } = spawnSync(command, args, { stdio: [stdin, 'ignore', 'inherit'] })
  const took = performance.now() - started
  if (stdin !== 'ignore') closeSync(stdin)
  if (error !== undefined || status !== 0) throw error ?? new Error(`${command} ${args.join(' ')}: status ${status}`)
  return took
}

function logIn(folder) {
  return join(folder, 'service.log')
}
