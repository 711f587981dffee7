/**
 * `pnpm soak`: an hour's worth of requests in minutes, over Express and Fastify, while the store flaps, logs are rotated and
 * levels change; then everything that has to be true is asked. Before that, two transports ship for up to a minute to a store
 * that refuses, dies, redirects and answers slowly in random order. Exit status 1 where an answer is wrong.
 *
 * `--seconds N` or `--minutes N`: how long; three minutes by default, ten at most. `--json` prints the answers for a program.
 * `--broken` has the services do wrong what is looked for: every answer is wrong then, or it would prove nothing.
 */
import { parseArgs } from 'node:util'
import { chaos } from './chaos.ts'
import { answersOf } from './questions.ts'
import { sabotage } from './sabotage.ts'
import { soak } from './soak.ts'

/** The moods of the store take as long: less is no shorter. */
const LEAST_SECONDS = 12
const LONGEST_SECONDS = 600

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'boolean', default: false },
    broken: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds ?? Number(values.minutes ?? 3) * 60)
if (!(seconds >= LEAST_SECONDS && seconds <= LONGEST_SECONDS))
  throw new Error(`accepted: ${LEAST_SECONDS} to ${LONGEST_SECONDS} seconds`)

/** Long enough for each mood of that store, and no longer than a minute. */
const chaosMs = Math.min(seconds, 60) * 1000
const placed = await chaos(chaosMs, values.broken)

await soak({ seconds, isBroken: values.broken }, async (remains) => {
  if (values.broken) sabotage(remains)
  const answers = [...answersOf(remains), ...placed]
  const requests = remains.witnesses.reduce((sum, { traffic }) => sum + traffic.sent, 0)
  if (values.json) console.log(JSON.stringify({ seconds, requests, answers }))
  else {
    for (const { question, isRight, seen } of answers) {
      console.log(`${isRight ? 'yes' : 'NO '}  ${question}\n       ${seen.replaceAll('\n', '\n       ')}`)
    }
    const rate = (requests / 3600).toFixed(0)
    console.log(`\n${requests} requests in ${seconds} s: an hour of ${rate} requests a second`)
  }
  process.exitCode = answers.every(({ isRight }) => isRight) ? 0 : 1
})
