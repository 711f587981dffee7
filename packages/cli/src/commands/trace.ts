import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { isDynamicPattern } from 'tinyglobby'
import { ExitStatus } from '../exit-status.js'
import type { Intake } from '../input/intake.js'
import type { Io } from '../io.js'
import { isUnderstood } from '../record/record.js'
import { formatCount } from '../terminal/numbers.js'
import { hopsOf } from '../trace/hop.js'
import { page } from '../trace/page.js'
import { RequestList } from '../trace/request-list.js'
import { requestTable } from '../trace/request-table.js'
import { idsLike } from '../trace/short-id.js'
import { requestsJson, storyJson } from '../trace/story-json.js'
import { TraceSearch } from '../trace/trace-search.js'
import { treeOf } from '../trace/tree.js'
import { type Screen, type Story, waterfall } from '../trace/waterfall.js'
import { told, UserError } from '../user-error.js'
import {
  command,
  FILES,
  type Finish,
  intakeOf,
  positiveNumber,
  print,
  type SharedFlags,
  screenFor,
  statusOf,
  tellDamages,
} from './command.js'

interface Flags extends SharedFlags {
  readonly html?: string
  readonly json?: boolean
  readonly slowest?: boolean
  readonly limit: number
}

const EXAMPLES = [
  "throughline trace req-123-abc 'logs/*.log'",
  'throughline trace 4bf92f3577b34da6a3ce929d0e0e4736 gateway.log api.log billing.log.gz',
  "throughline trace --since 1h 'logs/*.log'",
  "throughline trace --slowest --limit 5 'logs/*.log'",
  'throughline trace req-123-abc --html request.html logs/*.log',
  'kubectl logs --prefix -l app=shop --tail=-1 | throughline trace req-123-abc',
]

/** `throughline trace`. */
export function traceCommand(io: Io, finish: Finish): Command {
  return command('trace', 'show everything that happened to one request, across services', EXAMPLES)
    .description(
      'Finds the lines of one request in the files of all services and shows them as a tree of hops with a waterfall of durations, failures marked, and then line by line in the order of time. Where a request id is given, the trace ids on its lines are looked for too. Without an id, lists the requests that failed, newest first, to choose from.',
    )
    .argument('[id]', "a request id, a trace id, or the short form that pretty shows; nothing that is a file's name")
    .argument('[files...]', FILES)
    .option('--slowest', 'without an id: list the requests that took longest')
    .addOption(new Option('-n, --limit <count>', 'without an id: list so many').default(20).argParser(positiveNumber))
    .option('--json', 'print one JSON object')
    .option('--html <file>', 'write the request as one page that needs no network')
    .addHelpText('after', '\nExit status: 0 found, 1 not found, 2 unusable arguments or files, 130 interrupted.')
    .action(async (id: string | undefined, files: readonly string[], flags: Flags) => {
      const isFile = id !== undefined && namesFiles(id)
      const given = isFile ? [id, ...files] : files
      const intake = await intakeOf(io, given, flags)
      finish(id === undefined || isFile ? await list(io, intake, flags) : await trace(io, id, intake, flags))
    })
}

/** Whether the first argument names files, and no request. */
function namesFiles(argument: string): boolean {
  return (
    argument === '-' ||
    isDynamicPattern(argument) ||
    /\.(?:gz|json|jsonl|log|ndjson|txt|zst)$/.test(argument) ||
    existsSync(argument)
  )
}

async function list(io: Io, intake: Intake, flags: Flags): Promise<ExitStatus> {
  if (flags.html !== undefined) throw new UserError('--html writes the page of one request, and needs its id')
  const { slowest = false, limit } = flags
  const found = new RequestList(slowest ? 'slowest' : 'newest', limit)
  try {
    for await (const lines of intake.lines())
      for (const line of lines) if (line.record !== undefined && intake.wants(line)) found.add(line.record)
  } finally {
    intake.end()
  }
  if (io.signal.aborted) return ExitStatus.interrupted
  tellDamages(io, intake)
  const requests = found.requests()
  if (flags.json === true) await print(io, `${JSON.stringify(requestsJson(requests, found.total))}\n`)
  else if (requests.length > 0)
    await print(io, `${requestTable(requests, screenOf(io, flags))}${summary(found.total, requests.length, slowest)}`)
  if (requests.length > 0) return statusOf(io, ExitStatus.ok)
  io.stderr.write(`throughline: ${slowest ? 'no request with a duration was found' : 'no request failed'}\n`)
  return ExitStatus.found
}

function summary(total: number, shown: number, slowest: boolean): string {
  const all = slowest ? 'requests' : 'failed requests'
  return `\n${shown === total ? formatCount(total) : `${formatCount(shown)} of ${formatCount(total)}`} ${all}, ${slowest ? 'slowest' : 'newest'} first. throughline trace <id> shows one.\n`
}

async function trace(io: Io, id: string, intake: Intake, flags: Flags): Promise<ExitStatus> {
  if (id.trim() === '') throw new UserError('the id is empty')
  const story = await storyOf(io, id, intake)
  if (io.signal.aborted) return ExitStatus.interrupted
  tellDamages(io, intake)
  if (story === undefined) return ExitStatus.found
  if (flags.html !== undefined) await write(flags.html, page(story))
  if (flags.json === true) await print(io, `${JSON.stringify(storyJson(story))}\n`)
  else if (flags.html === undefined) await print(io, waterfall(story, screenOf(io, flags)))
  return statusOf(io, ExitStatus.ok)
}

function screenOf(io: Io, flags: Flags): Screen {
  return { ...screenFor(io, flags), local: flags.local }
}

/** What is known of a request; `undefined`, said on standard error, where nothing is. */
async function storyOf(io: Io, id: string, intake: Intake): Promise<Story | undefined> {
  try {
    const search = await searchFor(id, intake)
    if (io.signal.aborted) return undefined
    if (search.lines.length > 0) return known(io, id, search)
    const ids = await idsLike(id, intake)
    if (io.signal.aborted) return undefined
    if (ids.length === 1) return known(io, ids[0] as string, await searchFor(ids[0] as string, intake))
    const others = ids.length === 0 ? '' : `; it may stand for ${ids.map((each) => JSON.stringify(each)).join(', ')}`
    io.stderr.write(`throughline: no line has the id ${JSON.stringify(id)}${others}\n`)
    tellLimits(io, search)
    return undefined
  } finally {
    intake.end()
  }
}

async function searchFor(id: string, intake: Intake): Promise<TraceSearch> {
  const search = new TraceSearch(id, intake)
  await search.run()
  return search
}

function known(io: Io, id: string, search: TraceSearch): Story {
  tellLimits(io, search)
  return { id, traces: search.traces, lines: search.lines, tree: treeOf(hopsOf(search.lines)) }
}

function tellLimits({ stderr }: Io, { isCut, unreadable, lines }: TraceSearch): void {
  if (isCut) stderr.write(`throughline: only the first ${lines.length} lines are shown\n`)
  if (unreadable > 0) stderr.write(`throughline: ${unreadable} lines with the id are no JSON, and not shown\n`)
  const unknown = lines.filter(({ record }) => !isUnderstood(record)).length
  const which = unknown === 1 ? '1 line with the id has' : `${unknown} lines with the id have`
  if (unknown > 0) stderr.write(`throughline: ${which} no known time and level; what it says is not understood\n`)
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    throw told('--html', error)
  }
}
