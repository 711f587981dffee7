import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn, type LogLine, linesOf, textOf } from './logs.ts'
import type { Moods } from './moods.ts'
import type { Held } from './service.ts'
import { growthOf } from './slope.ts'
import type { Remains, Witness } from './soak.ts'
import { type Outcome, SECRETS } from './traffic.ts'

/** A question, whether its answer is as it has to be, and what was seen. */
export interface Answer {
  readonly question: string
  readonly isRight: boolean
  readonly seen: string
}

const bin = join(dirname(fileURLToPath(import.meta.resolve('@throughline/cli'))), 'bin.js')
const MIB = 1024 * 1024
/**
 * A service fills V8's caches and its own bounded tables with its first requests: by about 22 MiB until some 30,000 of them.
 * A run within that tells of leaks by their size alone; the one that is made on purpose is 5 MiB between two looks.
 */
const WARM_UP = { requests: 30_000, bytes: 32 * MIB }
/** Once warm, the heap swings by up to 14 MiB over a minute, above a floor that does not rise. */
const HEAP_SWING = 12 * MIB
/** The least that a request leaves when it leaves anything is an entry of a Map or a listener: more than this. */
const BYTES_A_REQUEST = 64
/** Pages that the allocator keeps for itself move by this much, and more would be a buffer that is never given back. */
const RSS_NOISE = 64 * MIB

/** Everything that has to be true at the end. */
export function answersOf(remains: Remains): readonly Answer[] {
  const { witnesses, loki, moods, folder } = remains
  const files = witnesses.flatMap(({ rotation }) => rotation.files)
  const lines = linesOf(files)
  const records = lines.map((line) => JSON.parse(line) as LogLine)
  return [
    verified(files),
    storedOnce(lines, loki.entries),
    leftNothing(folder),
    flapped(moods),
    ...witnesses.flatMap((witness) => {
      const own = records.filter(({ service }) => service === witness.service.framework)
      return [counted(witness, own), summedUp(witness, own), toldFailures(witness, own), levels(witness)]
    }),
    ownIds(records),
    keptSecrets(lines, folder),
    ...witnesses.flatMap((witness) => [flat(witness), returned(witness)]),
  ]
}

function verified(files: readonly string[]): Answer {
  const { status, stdout } = spawnSync(process.execPath, [bin, 'verify', '--require-end', ...files], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  })
  const question = `throughline verify finds no gap in the ${files.length} rotated files`
  return { question, isRight: status === 0, seen: stdout.trimEnd() }
}

function storedOnce(lines: readonly string[], entries: readonly { readonly line: string }[]): Answer {
  const stored = new Set(entries.map(({ line }) => line))
  const missing = lines.filter((line) => !stored.has(line)).length
  const strange = entries.length - (lines.length - missing)
  return {
    question: 'Loki has every line of the files once, and no other',
    isRight: missing === 0 && strange === 0 && stored.size === entries.length,
    seen: `${lines.length} lines in the files, ${entries.length} entries in Loki, ${missing} missing there`,
  }
}

function leftNothing(folder: string): Answer {
  const left = filesIn(folder).filter((path) => /\.segment$|dead-letters/.test(path) && statSync(path).size > 0)
  return {
    question: 'no line is left in a spool or was refused',
    isRight: left.length === 0,
    seen: left.length === 0 ? 'none' : left.map((path) => relative(folder, path)).join(', '),
  }
}

function flapped({ met, haveAllBeen }: Moods): Answer {
  return {
    question: 'the store was in every kind of trouble',
    isRight: haveAllBeen,
    seen: Object.entries(met)
      .map(([name, times]) => `${name} ${times}`)
      .join(', '),
  }
}

function counted({ service, farewell }: Witness, records: readonly LogLine[]): Answer {
  const { emitted, dropped, held, failed, sampledOut } = farewell.stats
  return {
    question: `the counters of ${service.framework} agree with its lines`,
    isRight: emitted === records.length && dropped + held + failed === 0 && sampledOut > 0,
    seen: `${records.length} lines; ${emitted} emitted, ${dropped} dropped, ${held} held, ${sampledOut} sampled out`,
  }
}

function summedUp({ service, traffic }: Witness, records: readonly LogLine[]): Answer {
  const sums: Record<Outcome, number> = { '2xx': 0, '4xx': 0, '5xx': 0, aborted: 0 }
  for (const { message, status_class, count } of records) {
    if (message === 'Request summary') sums[status_class as Outcome] += Number(count)
  }
  const wanted = JSON.stringify(traffic.outcomes)
  const seen = JSON.stringify(sums)
  return {
    question: `the summaries of ${service.framework} count every request that its clients made`,
    isRight: seen === wanted,
    seen: seen === wanted ? seen : `${seen}, clients: ${wanted}`,
  }
}

/** A failure is kept with the debug lines that were held for it. */
function toldFailures({ service, traffic }: Witness, records: readonly LogLine[]): Answer {
  const told = new Set<unknown>()
  const held = new Set<unknown>()
  for (const { message, request_id, status_code, error_type } of records) {
    if (message === 'Request completed' && status_code === 500 && error_type === 'PaymentError') told.add(request_id)
    if (message === 'About to fail') held.add(request_id)
  }
  const silent = traffic.failed.filter((id) => !told.has(id) || !held.has(id))
  return {
    question: `every failed request of ${service.framework} is in the log, with its debug line`,
    isRight: silent.length === 0 && traffic.failed.length > 0,
    seen: `${traffic.failed.length} failed, ${silent.length} not told`,
  }
}

function levels({ service, levels: { made, followed } }: Witness): Answer {
  return {
    question: `${service.framework} followed every change of its level`,
    isRight: made > 0 && made === followed,
    seen: `${made} changes, ${followed} followed`,
  }
}

function ownIds(records: readonly LogLine[]): Answer {
  const told = records.filter(({ of }) => of !== undefined)
  const wrong = told.filter(({ of, request_id }) => of !== request_id)
  return {
    question: "each line has its own request's id",
    isRight: told.length > 0 && wrong.length === 0,
    seen: `${told.length} lines, ${wrong.length} with another's`,
  }
}

function keptSecrets(lines: readonly string[], folder: string): Answer {
  const places = [...lines, ...filesIn(folder).map(textOf)]
  const found = SECRETS.filter((secret) => places.some((text) => text.includes(secret)))
  return { question: 'no secret is in any line or file', isRight: found.length === 0, seen: `${found.length} found` }
}

function flat({ service, traffic }: Witness): Answer {
  const { memory } = service
  const late = memory.slice(Math.floor(memory.length / 3))
  const isWarm = traffic.sent / 3 >= WARM_UP.requests
  const heap = growthOf((isWarm ? late : memory).map((used) => used.heap))
  const rss = growthOf(late.map((used) => used.rss))
  const most = isWarm ? Math.max(HEAP_SWING, (traffic.sent * 2 * BYTES_A_REQUEST) / 3) : WARM_UP.bytes
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(2)} MiB`
  return {
    question: `the memory of ${service.framework} ${isWarm ? 'is flat over the last two thirds' : 'grows by no more than it takes to warm up'}`,
    isRight: heap < most && rss < RSS_NOISE,
    seen: `heap ${mib(heap)} more (of at most ${mib(most)}), rss ${mib(rss)} more (of at most ${mib(RSS_NOISE)}), ${late.length} looks`,
  }
}

function returned({ service, farewell }: Witness): Answer {
  const { heldBefore, heldAfter, warnings, code } = farewell
  const differences = differenceOf(heldBefore, heldAfter)
  const faults = [...differences, ...warnings, ...(code === 0 ? [] : [`exit status ${code}`])]
  return {
    question: `${service.framework} gave back every listener, handle, timer and descriptor`,
    isRight: faults.length === 0,
    seen: faults.length === 0 ? JSON.stringify(heldAfter) : faults.join(', '),
  }
}

function differenceOf(before: Held, after: Held): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${before[name] ?? 0} before, ${after[name] ?? 0} after`)
}
