/**
 * One contender of one case, in a process of its own that `contest.mjs` starts: nothing that another one ran has shaped its
 * optimised code or its heap. It measures a round each time it is told to.
 */
import { readFileSync, truncateSync } from 'node:fs'
import { casesOf } from './families.mjs'
import { profiled } from './profiled.mjs'
import { roundsOf, warmUp } from './rounds.mjs'

const [family, id, name, place] = process.argv.slice(2)
const { path, folder, isFile, root } = JSON.parse(place)
const made = (await casesOf(family, root)).find((one) => one.id === id)
const round = roundsOf(await made.contenders[name]({ path, folder }))
let calls = 1

const commands = {
  async warm({ ms, roundMs }) {
    calls = await warmUp(round, ms, roundMs)
  },
  async round() {
    if (isFile) truncateSync(path)
    return round(calls)
  },
  /** How many lines so many calls have written, where the target is a file. */
  async lines({ calls }) {
    truncateSync(path)
    await round(calls)
    return readFileSync(path, 'utf8').split('\n').length - 1
  },
  profile: ({ rounds, save }) =>
    profiled(async () => {
      for (let i = 0; i < rounds; i++) await round(calls)
    }, save),
}

process.on('message', async ({ command, ...options }) => process.send({ answer: await commands[command](options) }))
process.on('disconnect', () => process.exit())
process.send({ answer: 'ready' })
