/**
 * Measures every case, prints the figures, and writes docs/reference/benchmarks.json and the page that it renders to.
 * Exit status 1 where a bar is missed or a case fails.
 *
 * - `--node 24,26`: these lines of Node; all four when nothing is said, of which 20 and 22 measure fewer cases.
 * - `--only plain,http`: cases whose id or family holds one of these; the others keep what was measured before.
 * - `--fresh`: keep nothing of what was measured before.
 * - `--print`: write nothing.
 * - `--quick`: the bars alone, on the Node that runs this, in less than a minute; writes nothing.
 * - `--against main`: each case paired with the same case of another commit, which is built in a temporary worktree, on the
 *   Node that runs this or the first that `--node` names; writes nothing. Exit status 1 where a case is more than 5 % slower.
 */
import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { against } from './against.mjs'
import { contest, profileOf } from './contest.mjs'
import { allCases } from './families.mjs'
import { LINES, nodeOf, WHOLE } from './nodes.mjs'
import { report } from './report.mjs'
import { resultOf } from './result.mjs'
import { AGAINST, FEWER, FULL, QUICK } from './settings.mjs'
import { Store } from './store.mjs'

const { values: options } = parseArgs({
  options: {
    node: { type: 'string' },
    only: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    against: { type: 'string' },
  },
})

const started = performance.now()
const current = Number.parseInt(process.versions.node, 10)
const isOneNode = options.quick || options.against !== undefined
const lines = options.node?.split(',').map(Number) ?? (isOneNode ? [current] : LINES)
const asked = options.only?.split(',') ?? ['']
const cases = (await allCases()).filter(({ id, family }) => asked.some((text) => id.includes(text) || family === text))
const store = isOneNode || options.print ? undefined : new Store({ isFresh: options.fresh })

const [load] = loadavg()
if (load > 0.5) console.log(`Something else runs here (load ${load.toFixed(1)}): trust no figure of this run.\n`)

const misses = options.against === undefined ? await measureAll() : await measureAgainst()
const seconds = Math.round((performance.now() - started) / 1000)
const missed = options.against === undefined ? ['no bar missed', 'missed'] : ['no case is slower', 'slower']
console.log(`\n${seconds} s; ${misses === 0 ? missed[0] : `${misses} ${missed[1]}`}`)
process.exitCode = misses === 0 ? 0 : 1

async function measureAgainst() {
  const [line] = lines
  const node = nodeOf(line)
  if (node === undefined) throw new Error(`No Node ${line} here`)
  return against(options.against, cases, node, options.quick ? QUICK : AGAINST)
}

async function measureAll() {
  let missed = 0
  for (const line of lines) {
    const node = nodeOf(line)
    if (node === undefined) {
      console.log(`No Node ${line} here: left out.\n`)
      continue
    }
    const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()
    for (const oneCase of cases) {
      const names = contendersOn(oneCase, line)
      if (names.length === 0) continue
      try {
        missed += await measure(oneCase, names, { line, node, version })
      } catch (error) {
        missed++
        console.log(`FAIL ${oneCase.name} [Node ${line}]\n     ${error.message}`)
      }
    }
  }
  return missed
}

/** Who takes part in a case on a line of Node; nobody where the case is not measured. */
function contendersOn({ contenders, bars, baseline, everywhere, nodes, inQuick = true }, line) {
  const names = Object.keys(contenders)
  if (nodes !== undefined && !nodes.includes(line)) return []
  if (!everywhere && !WHOLE.includes(line) && options.only === undefined) return []
  if (!options.quick) return names
  if (!inQuick || bars.length === 0) return []
  return names.filter(
    (name, index) =>
      index === 0 || name === baseline || bars.some(({ of, against }) => of === name || against === name),
  )
}

/** @returns how many bars are missed. */
async function measure(oneCase, names, { line, node, version }) {
  const settings = options.quick ? QUICK : WHOLE.includes(line) ? FULL : FEWER
  const result = resultOf(oneCase, await contest(oneCase, node, names, settings), { line, version })
  const missed = result.bars.filter(({ isMet }) => isMet === false)
  console.log(report(result))
  if (store === undefined) return missed.length
  // Where a bar is missed, the page says where the time goes.
  const { profiled = missed.length > 0 } = oneCase
  if (profiled) result.profile = await profileOf(oneCase, node, missed[0]?.of ?? names[0])
  store.put(result)
  return missed.length
}
