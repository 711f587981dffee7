/**
 * Measures every case in this process and prints the figures; `--json` prints them for a program, `--only TEXT` takes the
 * cases whose name holds it, `--quick` measures less. Exit status 1 where a bar is missed.
 */
import { parseArgs } from 'node:util'
import { cases } from './cases.mjs'
import { measure, ratio } from './measure.mjs'

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' }, quick: { type: 'boolean' } },
})
const options = values.quick ? { calls: 20_000, rounds: 9, warmUp: 3 } : { calls: 50_000, rounds: 21, warmUp: 4 }

const results = []
for (const { name, bar, most, make } of cases) {
  if (values.only !== undefined && !name.includes(values.only)) continue
  const measured = measure(make(), options)
  const [[, ours], ...others] = Object.entries(measured)
  const [peer, theirs] = others[0]
  // A bar is how many times faster than the first peer; `most` is how much of its time we may take.
  const value = bar === undefined ? 1 / ratio(theirs, ours) : ratio(theirs, ours)
  const isMet = bar === undefined ? value <= most : value >= bar
  results.push({ name, peer, value, bar, most, isMet, measured: figures(measured) })
  if (!values.json) print(results.at(-1))
}
if (values.json) console.log(JSON.stringify({ node: process.version, results }))
process.exitCode = results.every(({ isMet }) => isMet) ? 0 : 1

function figures(measured) {
  return Object.fromEntries(
    Object.entries(measured).map(([name, { median, least, most }]) => [name, { median, least, most }]),
  )
}

function print({ name, peer, value, bar, most, isMet, measured }) {
  const times = Object.entries(measured).map(([who, { median, least, most: worst }]) => {
    return `${who} ${median.toFixed(0)} (${least.toFixed(0)}-${worst.toFixed(0)})`
  })
  const wanted = bar === undefined ? `at most ${most}` : `at least ${bar}`
  console.log(
    `${isMet ? 'ok  ' : 'MISS'} ${value.toFixed(2)} x ${peer}, ${wanted}: ${name}\n       ns: ${times.join(', ')}`,
  )
}
