/**
 * Asks the explorer's read API the queries of a folder and compares the answers with recorded ones of a real Loki.
 *
 *     node test/logql/conformance.mjs FOLDER
 *
 * FOLDER has `lines.jsonl` and `answers*.jsonl`. The exit status is 1 where an answer is wrong, or more than a tenth is refused.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, serve } from '@throughline/explorer'
import { defaultLimits } from '@throughline/logql'
import { compareAnswer, unexplained } from './compare-answer.mjs'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: node test/logql/conformance.mjs FOLDER')
  process.exit(2)
}

const records = (name) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const answers = readdirSync(folder)
  .filter((name) => /^answers.*\.jsonl$/.test(name))
  .sort()
  .flatMap(records)
  .filter(({ id }) => !unexplained.includes(id))

const store = await openStore()
await store.addRecords(records('lines.jsonl'))
const server = await serve(store, { port: 0, limits: defaultLimits })

const counts = { right: 0, refused: 0, wrong: 0 }
try {
  for (const recorded of answers) {
    const answer = await ask(recorded)
    if (answer.status === 501) {
      counts.refused++
      console.log(`refused ${recorded.id}: ${recorded.query}\n  ${answer.body}`)
      continue
    }
    const difference = compareAnswer(recorded, answer)
    counts[difference === undefined ? 'right' : 'wrong']++
    if (difference !== undefined) console.log(`wrong ${recorded.id}: ${recorded.query}\n  ${difference}`)
  }
} finally {
  await server.close()
  await store.close()
}
console.log(`${counts.right} right, ${counts.refused} refused as unsupported, ${counts.wrong} wrong`)
process.exitCode = counts.wrong > 0 || counts.refused > answers.length / 10 ? 1 : 0

async function ask({ kind, query, params }) {
  const entries = Array.isArray(params) ? params : Object.entries(params)
  const flags = entries.find(([name]) => name === '_header')?.[1]
  const search = new URLSearchParams(entries.filter(([name]) => name !== '_header'))
  const asked = kind === 'query' || kind === 'query_range'
  if (asked) search.set('query', query)
  const response = await fetch(new URL(`/loki/api/v1/${asked ? kind : query}?${search}`, server.url), {
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(flags !== undefined && { 'X-Loki-Response-Encoding-Flags': flags }),
    },
  })
  const body = await response.text()
  return { status: response.status, body, data: response.ok ? JSON.parse(body).data : undefined }
}
