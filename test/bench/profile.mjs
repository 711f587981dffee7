/**
 * Says where a contender's time goes: `node profile.mjs six`, the functions with the largest times of their own.
 *
 * - `--of pino`: another contender than the case's first.
 * - `--node 26`: another Node than the one that runs this.
 * - `--save six.cpuprofile`: the whole profile too, for the flame chart of Chrome's or VS Code's developer tools.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { profileOf } from './contest.mjs'
import { allCases } from './families.mjs'
import { nodeOf } from './nodes.mjs'

const { values, positionals } = parseArgs({
  options: { of: { type: 'string' }, node: { type: 'string' }, save: { type: 'string' } },
  allowPositionals: true,
})
const cases = await allCases()
const oneCase = cases.find(({ id }) => id === positionals[0])
if (oneCase === undefined) throw new Error(`No case "${positionals[0]}": ${cases.map(({ id }) => id).join(', ')}`)

const node = values.node === undefined ? process.execPath : nodeOf(Number(values.node))
const save = values.save === undefined ? undefined : resolve(values.save)
const profile = await profileOf(oneCase, node, values.of ?? Object.keys(oneCase.contenders)[0], { save })
for (const { name, share } of profile) console.log(`${(100 * share).toFixed(1).padStart(5)} %  ${name}`)
