import { type Command, InvalidArgumentError, Option } from 'commander'
import { fieldNames, isSummary, placesOf, Renderer } from 'throughline/internal'
import { ExitStatus } from '../exit-status.js'
import type { Reading } from '../input/blocks.js'
import { followedLines } from '../input/follow.js'
import { Intake } from '../input/intake.js'
import { type Line, linesOf } from '../input/lines.js'
import type { Source } from '../input/source.js'
import { type Io, isPiped, knownColumns } from '../io.js'
import { Output } from '../output.js'
import { inOrder } from '../pretty/merge.js'
import { Printer } from '../pretty/printer.js'
import { sourceLines } from '../pretty/source-line.js'
import { countView, jsonView, readableView, type View } from '../pretty/view.js'
import { lineFilterOf } from '../record/filter.js'
import { similarWord } from '../similar.js'
import { UserError } from '../user-error.js'
import {
  CONDITIONS,
  command,
  FILES,
  type Finish,
  positiveNumber,
  print,
  type SharedFlags,
  screenFor,
  sourcesOf,
  statusOf,
  tellDamages,
  wantedOf,
} from './command.js'

interface Flags extends SharedFlags {
  readonly fields?: readonly string[]
  readonly hide?: readonly string[]
  readonly all?: boolean
  readonly source?: boolean
  readonly follow?: boolean
  readonly grep?: RegExp
  readonly sort?: boolean
  readonly json?: boolean
  readonly limit?: number
  readonly count?: boolean
}

const EXAMPLES = [
  'node server.js | throughline',
  'throughline --level warn --since 15m api.log',
  "throughline --where 'status_code >= 500 and service = api' 'logs/*.log'",
  'throughline --follow --grep timeout /var/log/api/*.log',
  "kubectl logs --prefix -l app=api -f | throughline --hide 'http_*,user_id'",
  "throughline --json --level error 'logs/*.log' | jq -r .error_type | sort | uniq -c",
]

/** `throughline pretty`, and `throughline` alone. */
export function prettyCommand(io: Io, finish: Finish): Command {
  return command('pretty', 'show log lines readable, one record after the other', EXAMPLES)
    .description(
      "Shows log lines readable and coloured: the fields of the call first, then the logger's, then the request's id as a short tag, and an error with its stack indented under it. What is the same on every line (service, environment, pod, user agent, address, seq) is left out. Lines that are no JSON pass through. Files are merged by time.",
    )
    .argument('[files...]', FILES)
    .addOption(
      new Option('-f, --fields <names>', 'only these fields after the message; globs, with commas').argParser(
        fieldNames,
      ),
    )
    .addOption(new Option('--hide <names>', 'not these fields; globs, with commas').argParser(fieldNames))
    .option('-a, --all', 'every field, ids in full, and the summary lines that stats reads')
    .option('--source', 'the line of source code of the first own frame of a stack, where the file is there')
    .addOption(new Option('-g, --grep <pattern>', 'only lines that match a regular expression').argParser(pattern))
    .option('-F, --follow', 'go on with what is added to the files, through rotation')
    .option('--sort', 'in the order of time; the default for files')
    .option('--no-sort', 'one after the other, each in its own order; the default for pipes')
    .option('--json', 'print the records as lines of JSON')
    .addOption(new Option('-n, --limit <count>', 'end after so many').argParser(positiveNumber))
    .option('-c, --count', 'print only how many there are')
    .addHelpText('after', CONDITIONS)
    .action(async (files: readonly string[], flags: Flags, self: Command) => {
      const names = self.parent?.commands.map((each) => each.name()) ?? []
      finish(await pretty(io, await sourcesFor(io, files, flags, names), flags))
    })
}

/** @param commands What the first argument may have been meant to be. */
async function sourcesFor(
  io: Io,
  files: readonly string[],
  flags: Flags,
  commands: readonly string[],
): Promise<readonly Source[]> {
  if (flags.follow === true && flags.sort === true)
    throw new UserError('--follow shows lines as they come, and cannot be used with --sort')
  const [first = ''] = files
  try {
    return await sourcesOf(io, files, flags, flags.follow)
  } catch (error) {
    const meant = similarWord(first, commands)
    if (meant === undefined || !(error instanceof UserError && error.message.startsWith(`${first}:`))) throw error
    throw new UserError(`${error.message}, and no such command; did you mean "throughline ${meant}"?`)
  }
}

async function pretty(io: Io, sources: readonly Source[], flags: Flags): Promise<ExitStatus> {
  const output = new Output(io.stdout, io.signal)
  const view = viewFor(io, flags, sources.length)
  const printer = new Printer(view, flags.count === true ? undefined : output, flags.limit)
  const isQuiet = io.stdout.isTTY === true || isPiped(io) || flags.follow === true
  const intake = new Intake(io, sources, { isQuiet })
  try {
    if (flags.follow === true) await followAll(io, intake, printer)
    else await readAll(io, intake, flags.sort, printer)
  } finally {
    intake.end()
    output.close()
  }
  tellDamages(io, intake)
  if (flags.count === true) await print(io, flags.json === true ? `{"count":${printer.count}}\n` : `${printer.count}\n`)
  return statusOf(io, ExitStatus.ok)
}

async function readAll(io: Io, intake: Intake, sort: boolean | undefined, printer: Printer): Promise<void> {
  const { sources, reading } = intake
  if (sources.some(({ path, remote }) => path === undefined && remote === undefined)) io.readToEnd?.()
  // What a pipe gives is shown as it comes.
  const isSorted = sort ?? sources.every(({ size, remote }) => size !== undefined || remote !== undefined)
  for await (const lines of isSorted ? inOrder(sources, reading, printer.wants) : intake.lines()) {
    await printer.print(isSorted ? lines : lines.filter(printer.wants))
    if (printer.isDone) break
  }
}

/** All at once. What ends one of them for the worse (nobody reads any more, a file may not be read) ends the others too. */
async function followAll(io: Io, { sources, reading }: Intake, printer: Printer): Promise<void> {
  if (sources.every(({ path }) => path === undefined)) io.readToEnd?.()
  const over = new AbortController()
  const signal = AbortSignal.any([reading.signal, over.signal])
  try {
    await Promise.all(sources.map((source) => follow(source, { ...reading, signal }, printer, over)))
  } finally {
    over.abort()
  }
}

async function follow(source: Source, reading: Reading, printer: Printer, over: AbortController): Promise<void> {
  const { path } = source
  const lines = path === undefined ? linesOf(source, reading) : followedLines(source, path, reading.signal)
  for await (const some of lines) {
    await printer.print(some.filter(printer.wants))
    if (printer.isDone) over.abort()
  }
}

/** Which lines are shown, and how. */
function viewFor(io: Io, flags: Flags, sources: number): View {
  const { grep, json, all = false, fields, hide, local, count } = flags
  const filter = lineFilterOf(wantedOf(io, flags))
  // They are for `stats`; whoever looks for them finds them.
  const hasSummaries = all || json === true || grep !== undefined
  const wants = (line: Line) =>
    (grep === undefined || grep.test(line.text)) &&
    filter(line) &&
    (line.record === undefined ? json !== true : hasSummaries || !isSummary(line.record))
  if (count === true) return countView(wants)
  if (json === true) {
    const placeOf = placesOf({ fields, hide, all: true })
    const isChosen = (name: string) => placeOf(name) !== 'nowhere'
    return jsonView(wants, fields === undefined && hide === undefined ? undefined : isChosen)
  }
  const width = knownColumns(io)
  const renderer = new Renderer({
    ...{ fields, hide, all, local, summaries: true },
    colors: screenFor(io, flags).colors,
    // A terminal may get another width on the way.
    columns: width === undefined ? undefined : io.stdout.isTTY === true ? () => knownColumns(io) : () => width,
    date: width === undefined ? 'row' : 'heading',
    // A program that reads the rows gets them complete.
    service: all || width === undefined || (flags.follow === true && sources > 1),
    today: dayOf(io.now(), local),
    sourceLine: flags.source === true ? sourceLines() : undefined,
  })
  return readableView(wants, renderer)
}

function dayOf(now: number, local = false): string {
  // A moment whose day in UTC is the day here.
  const shifted = local ? now - new Date(now).getTimezoneOffset() * 60_000 : now
  return new Date(shifted).toISOString().slice(0, 10)
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}
