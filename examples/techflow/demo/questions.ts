import type { Sent } from './customer.ts'
import type { Evidence } from './evidence.ts'
import { PODS, SERVICES } from './shop.ts'

/** A sentence, and whether it is true. */
export interface Claim {
  readonly text: string
  readonly holds: boolean
}

const LOGS = 'logs/*.log'
/** What the services keep as slow. */
const SLOW_MS = 500
const REDACTED = '***REDACTED***'
/** How `verify` says so. */
const COMPLETE = 'nothing is missing among'

const statusOf = ({ outcome }: Sent) => (outcome === 'aborted' ? 0 : outcome)
const hasFailed = (sent: Sent) => statusOf(sent) >= 500
const hasSucceeded = (sent: Sent) => statusOf(sent) > 0 && statusOf(sent) < 400

async function whichFailed({ day, read }: Evidence): Promise<Claim[]> {
  const since = `${Math.ceil((Date.now() - day.began) / 60_000)}m`
  const where = 'service = gateway'
  const fields = 'request_id,user_id,status_code,route'
  const text = await read('pretty', '--since', since, '--level', 'error', '--where', where, '--fields', fields, LOGS)
  const failed = day.sent.filter(hasFailed)
  const told = valuesOf('request_id', text)
  return [{ text: `exactly the ${failed.length} requests that failed, each once`, holds: isSame(told, idsOf(failed)) }]
}

async function whatHappened({ day, read }: Evidence): Promise<Claim[]> {
  const login = day.sent.find((sent) => sent.route === '/login' && hasFailed(sent))
  const text = await read('trace', login?.request_id ?? '', LOGS)
  const hops = ['gateway POST /login', 'auth POST /login', 'api GET /accounts/:id']
  return [
    {
      text: `through ${hops.length} services: ${hops.join(', ')}`,
      holds: hops.every((hop) => text.includes(`✗ ${hop}`)),
    },
    {
      text: 'and the last of them says why',
      holds: /DatabaseConnectionError[\s\S]*Caused by: .*ECONNREFUSED/.test(text),
    },
  ]
}

async function whoWasHit({ day, read }: Evidence): Promise<Claim[]> {
  const text = await read('pretty', '--level', 'error', '--where', 'service = api', '--fields', 'user_id,pod', LOGS)
  const hit = day.sent.filter(hasFailed).map(({ user_id }) => user_id)
  const times = [...new Set(hit)].map((user) => `${user} ${hit.filter((one) => one === user).length} times`)
  const pods = [...new Set(valuesOf('pod', text))]
  return [
    { text: times.join(', '), holds: isSame(valuesOf('user_id', text), hit) },
    { text: `all on ${pods.join(', ')}`, holds: isSame(pods, [PODS.api]) },
  ]
}

interface Figures {
  readonly routes: readonly { method: string; route: string; count: number; failed: number }[]
  readonly sampling: { readonly from_summaries: number }
}

async function howOften({ day, read, stats }: Evidence): Promise<Claim[]> {
  const gateway = 'logs/gateway.log'
  await read('stats', gateway)
  const { routes, sampling } = await stats<Figures>(gateway)
  const told = routes.map(({ method, route, count, failed }) => `${method} ${route} ${count} ${failed}`)
  const nameOf = ({ method, route }: Sent) => `${method} ${route}`
  const expected = [...new Set(day.sent.map(nameOf))].map((name) => {
    const sent = day.sent.filter((one) => nameOf(one) === name)
    return `${name} ${sent.length} ${sent.filter(hasFailed).length}`
  })
  return [
    { text: `the counts of all ${expected.length} routes are what the customers saw`, holds: isSame(told, expected) },
    {
      text: `${sampling.from_summaries} requests in the summaries, ${day.sent.length} sent`,
      holds: sampling.from_summaries === day.sent.length,
    },
  ]
}

async function isEveryFailureKept({ day, read }: Evidence): Promise<Claim[]> {
  const where = "service = gateway and message in ('Request completed', 'Request aborted')"
  const fields = 'request_id,response_time_ms,sample_rate'
  const text = await read('pretty', '--where', where, '--fields', fields, LOGS)
  const told = new Map(recordsIn(text).map((record) => [record.request_id, record]))
  const others = day.sent.filter((sent) => !hasSucceeded(sent))
  const successes = day.sent.filter(hasSucceeded)
  const kept = successes.flatMap(({ request_id }) => told.get(request_id) ?? NONE)
  const sampled = kept.filter(({ sample_rate }) => sample_rate === '0.01').length
  const slow = kept.filter(({ response_time_ms }) => Number(response_time_ms) > SLOW_MS).length
  return [
    {
      text: `all ${others.length} requests that failed, were refused or given up are there`,
      holds: others.every(({ request_id }) => told.has(request_id)),
    },
    {
      text: `of ${successes.length} successes, ${sampled} were kept by chance, and ${slow} because they took more than ${SLOW_MS} ms`,
      holds: kept.length === sampled + slow && sampled < successes.length * 0.03,
    },
  ]
}

async function wasALineLost({ read }: Evidence): Promise<Claim[]> {
  const files = await read('verify', '--require-end', LOGS)
  const collected = await read('verify', '--require-end', 'collected.log')
  return [
    { text: 'no line is missing in the files', holds: files.includes(COMPLETE) },
    { text: 'no line is missing in the collected standard output', holds: collected.includes(COMPLETE) },
  ]
}

async function isASecretThere({ day, read, files }: Evidence): Promise<Claim[]> {
  const text = await read('doctor', LOGS)
  const all = files()
  const leaking = all.filter(({ text }) => day.secrets.some((secret) => text.includes(secret))).map(({ name }) => name)
  const redacted = all.reduce((sum, { text }) => sum + text.split(REDACTED).length - 1, 0)
  return [
    {
      text: `of the ${day.secrets.length} secrets that were sent, ${leaking.length === 0 ? 'none' : 'one'} is in ${leaking.join(', ') || `any of ${all.length} files`}`,
      holds: leaking.length === 0 && all.length === SERVICES.length + 1,
    },
    { text: `${REDACTED} stands in their place, ${redacted} times`, holds: redacted > 0 },
    {
      text: 'and nothing in the files looks like a secret',
      holds: text.includes('nothing that a log store would choke on'),
    },
  ]
}

/** What a person asks of the logs afterwards, and how what they say is held to what the customers saw. */
export const QUESTIONS: readonly (readonly [text: string, answer: (evidence: Evidence) => Promise<Claim[]>])[] = [
  ['Which requests failed in the last minutes?', whichFailed],
  ['What happened to one of them?', whatHappened],
  ['Who was hit, and on which pod?', whoWasHit],
  ['How often?', howOften],
  ['One success in a hundred is kept. Is every failure kept?', isEveryFailureKept],
  ['Was a line lost?', wasALineLost],
  ['Is a secret in the files?', isASecretThere],
]

type Shown = Readonly<Record<string, string>>
const NONE: readonly Shown[] = []

/** The fields of each record that `pretty` wrote; errors are indented beneath. */
function recordsIn(text: string): Shown[] {
  const lines = text.split('\n').filter((line) => /^\S/.test(line))
  return lines.map((line) =>
    Object.fromEntries([...line.matchAll(/ (\w+)=(\S+)/g)].map(([, name, value]) => [name, value])),
  )
}

function valuesOf(field: string, text: string): string[] {
  return recordsIn(text).map((record) => record[field] ?? '')
}

function idsOf(sent: readonly Sent[]): string[] {
  return sent.map(({ request_id }) => request_id)
}

/** Whether two lists hold the same, as often, in whatever order. */
function isSame(told: readonly string[], expected: readonly string[]): boolean {
  return told.toSorted().join('\n') === expected.toSorted().join('\n')
}
