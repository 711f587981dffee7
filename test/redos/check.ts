import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSync, type VulnerableDiagnostics } from 'recheck'
import { allowed, seenInUse } from './allowed.ts'
import { patternsInUse } from './in-use.ts'
import { patternsOf } from './patterns.ts'

// `pnpm check:redos`: no regular expression of any package can be made to backtrack without end.

/**
 * The issuers' keys are one pattern of dozens of alternatives, more than the checker holds at once. Each takes a bounded
 * number of steps from each place, because nothing in it repeats without bound but its very end, behind which nothing fails.
 */
function isBoundedUpToItsEnd(source: string): boolean {
  const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  return bare.split('|').every((alternative) => !/(?:[+*]|\{\d+,\})(?!\)?$)/.test(alternative))
}

/** Nothing in it repeats without bound, so that it takes a bounded number of steps from each place. */
function isBounded(source: string): boolean {
  const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  return !/[+*)]|\{\d+,\}/.test(bare.replace(/\(\?(?:[:=!]|<[=!])[^()]*\)(?!\{)/g, 'x'))
}

/** Others joined by `|`, each of which is judged by itself: the checker's own limit is soon met by many together. */
function isJoined(source: string, others: readonly string[]): boolean {
  let rest = `|${source}|`
  for (const other of others.toSorted((a, b) => b.length - a.length)) {
    if (other !== source) rest = rest.replace(`|${other}|`, '|')
  }
  return rest === '|'
}

/**
 * Where the checker can only try texts, one answer in some ten is wrong: it names an attack over which the engine takes a
 * millisecond. One of the second degree, of its length, takes seconds.
 */
function isFalseAlarm(source: string, flags: string, { checker, complexity, attack }: VulnerableDiagnostics): boolean {
  if (checker !== 'fuzz' || complexity.type !== 'polynomial') return false
  const start = performance.now()
  new RegExp(source, flags).exec(attack.string)
  return performance.now() - start < 1000
}

const checked = new Map<string, string>()

/** @returns `safe`, or what is wrong. */
function statusOf(source: string, flags: string): string {
  if (source.length > 1000) return isBoundedUpToItsEnd(source) ? 'safe' : 'repeats before its end'
  if (isBounded(source)) return 'safe'
  const key = `/${source}/${flags}`
  let status = checked.get(key)
  if (status === undefined) {
    const result = checkSync(source, flags, { timeout: 60_000, randomSeed: 1 })
    const isVulnerable = result.status === 'vulnerable' && !isFalseAlarm(source, flags, result)
    if (isVulnerable) status = `${result.complexity.type}: ${result.attack.pattern}`
    else status = result.status === 'vulnerable' ? 'safe' : result.status
    checked.set(key, status)
  }
  return status
}

const { written, made } = patternsOf()
const inUse = patternsInUse()
// Fewer would mean that they were not seen.
if (written.length < 160) throw new Error(`only ${written.length} patterns were found in the sources`)
if (inUse.length < 40) throw new Error(`only ${inUse.length} patterns were seen in use`)

const needed = new Set<unknown>()

function isAllowed(place: string, text: string): boolean {
  const entry = allowed.find(({ file, pattern }) => place.startsWith(`${file}:`) && text.startsWith(pattern))
  if (entry !== undefined) needed.add(entry)
  return entry !== undefined
}

const problems: string[] = []
for (const { source, flags, place } of written) {
  if (isAllowed(place, source)) continue
  const status = statusOf(source, flags)
  if (status !== 'safe') problems.push(`${place} /${source}/${flags}: ${status}`)
}
for (const { place, text } of made) {
  const file = place.slice(0, place.lastIndexOf(':'))
  if (seenInUse.includes(file)) needed.add(file)
  else if (!isAllowed(place, text)) problems.push(`${place} ${text}: made at run time, and not seen in use`)
}
// Of both lists, what stands in the sources was judged there.
const known = new Set(written.map(({ source }) => source))
const sources = inUse.map(({ source }) => source)
for (const { source, flags } of inUse) {
  const isJudged = known.has(source) || isJoined(source, sources)
  const status = isJudged ? 'safe' : statusOf(source, flags)
  if (status !== 'safe') problems.push(`in use: /${source}/${flags}: ${status}`)
}
for (const entry of [...allowed, ...seenInUse]) {
  if (!needed.has(entry)) problems.push(`allowed, and not there any more: ${JSON.stringify(entry)}`)
}
for (const { file, bound } of allowed) {
  const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
  if (!text.includes(bound)) problems.push(`${file}: its bound is gone: ${bound}`)
}

for (const problem of problems) console.error(problem)
if (problems.length === 0) console.log(`${written.length} patterns in the sources and ${inUse.length} in use: safe`)
process.exitCode = problems.length === 0 ? 0 : 1
