import { type Command, InvalidArgumentError, Option } from 'commander'
import { harmless, type RenderOptions, renderRecord } from 'throughline/internal'
import { ExitStatus } from '../exit-status.js'
import type { Reading } from '../input/blocks.js'
import { followedLines } from '../input/follow.js'
import { Intake } from '../input/intake.js'
import { type Line, linesOf } from '../input/lines.js'
import { findSources, type Source } from '../input/source.js'
import { type Io, isPiped } from '../io.js'
import { Output } from '../output.js'
import { filterOf } from '../record/filter.js'
import { type LogRecord, parseRecord } from '../record/record.js'
import { LEVEL_WORDS, severityOf } from '../record/severity.js'
import { parseMoment } from '../record/time.js'
import { command, FILES, type Finish, type SharedFlags, screenFor, statusOf, tellDamages } from './command.js'

interface Flags extends SharedFlags {
  readonly level?: number
  readonly where?: string
  readonly fields?: readonly string[]
  readonly since?: number
  readonly until?: number
  readonly follow?: boolean
  readonly grep?: RegExp
}

const EXAMPLES = [
  'node server.js | throughline',
  'throughline --level warn --since 15m api.log',
  "throughline --where 'status_code >= 500 and service = api' 'logs/*.log'",
  'throughline --follow --grep timeout /var/log/api/*.log',
  'kubectl logs --prefix -l app=api -f | throughline --fields user_id,status_code',
]

const CONDITIONS = `
Conditions (--where):
  field = value        also != < <= > >=; numbers by size, "level" by severity, all else by text
  field ~ 'pattern'    a regular expression matches; !~ does not
  field in (a, b)      one of several
  field                the record has it; dots lead into objects (user.id)
  and, or, not, ( )    "not" binds strongest, "or" weakest; && || ! mean the same`

/** `throughline pretty`, and `throughline` alone. */
export function prettyCommand(io: Io, finish: Finish): Command {
  const moment = (text: string) => {
    const time = parseMoment(text, io.now())
    if (time === undefined) throw new InvalidArgumentError('Accepted: 2024-01-22T10:15, 2024-01-22, 90s, 15m, 2h, 1d.')
    return time
  }
  return command('pretty', 'show log lines readable, one line a record', EXAMPLES)
    .description(
      'Shows log lines readable and coloured, one line a record, with an error and its stack indented under it. Lines that are no JSON pass through. Reads the lines of pino and bunyan too.',
    )
    .argument('[files...]', FILES)
    .addOption(
      new Option('-l, --level <level>', `only this level and worse: ${LEVEL_WORDS.join(', ')}`).argParser(severity),
    )
    .option('-w, --where <condition>', 'only records of which it holds, such as "status_code>=500 and service=api"')
    .addOption(new Option('-f, --fields <names>', 'only these fields after the message, with commas').argParser(names))
    .addOption(
      new Option('-s, --since <moment>', 'only from then on: a time (UTC), or how long ago (15m)').argParser(moment),
    )
    .addOption(new Option('-u, --until <moment>', 'only before then').argParser(moment))
    .addOption(new Option('-g, --grep <pattern>', 'only lines that match a regular expression').argParser(pattern))
    .option('-F, --follow', 'go on with what is added to the files, through rotation')
    .addHelpText('after', CONDITIONS)
    .action(async (files: readonly string[], flags: Flags) => finish(await pretty(io, files, flags)))
}

async function pretty(io: Io, files: readonly string[], flags: Flags): Promise<ExitStatus> {
  const { colors } = screenFor(io, flags)
  const sources = await findSources(files, flags.follow)
  const output = new Output(io.stdout, io.signal)
  const show = printer(io, flags, colors)
  const print: Print = async (lines) => {
    for (const line of lines) output.add(show(line))
    await output.flush()
  }
  const isQuiet = io.stdout.isTTY === true || isPiped(io) || flags.follow === true
  const intake = new Intake(io, sources, isQuiet)
  try {
    if (flags.follow === true) await followAll(intake, print)
    else for await (const lines of intake.lines()) await print(lines)
  } finally {
    intake.end()
    output.close()
  }
  tellDamages(io, intake)
  return statusOf(io, ExitStatus.ok)
}

type Print = (lines: readonly Line[]) => Promise<void>

/** All at once. What ends one of them for the worse (nobody reads any more, a file may not be read) ends the others too. */
async function followAll({ sources, reading }: Intake, print: Print): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([reading.signal, over.signal])
  try {
    await Promise.all(sources.map((source) => follow(source, { ...reading, signal }, print)))
  } finally {
    over.abort()
  }
}

async function follow(source: Source, reading: Reading, print: Print): Promise<void> {
  const { path } = source
  const lines = path === undefined ? linesOf(source, reading) : followedLines(source, path, reading.signal)
  for await (const some of lines) await print(some)
}

/** What is shown of a line: nothing, where it is not wanted. */
function printer(io: Io, flags: Flags, colors: boolean): (line: Line) => string {
  const { level, where, since, until, grep, fields } = flags
  const wanted = filterOf({ severity: level, where, since, until })
  // A line that is no record may be a crash's own words: only a condition on fields or time says that it is not wanted.
  const passesText = where === undefined && since === undefined && until === undefined
  const options: RenderOptions = {
    colors,
    service: true,
    today: new Date(io.now()).toISOString().slice(0, 10),
    fields: fields === undefined ? undefined : new Set(fields),
  }
  return (line) => {
    const { text } = line
    if (grep !== undefined && !grep.test(text)) return ''
    const record = parseRecord(text)
    if (record === undefined) return passesText ? `${origin(line)}${harmless(text)}\n` : ''
    if (wanted !== undefined && !wanted(record)) return ''
    return renderRecord(withOrigin(record, line), options)
  }
}

function origin({ origin }: Line): string {
  return origin === undefined ? '' : `[${harmless(origin)}] `
}

/** Where a record does not say its service, the container's name stands for it. */
function withOrigin(record: LogRecord, line: Line): LogRecord {
  return line.origin === undefined || record.service !== undefined ? record : { ...record, service: line.origin }
}

function severity(word: string): number {
  const found = severityOf(word)
  if (found === undefined) throw new InvalidArgumentError(`Accepted: ${LEVEL_WORDS.join(', ')}.`)
  return found
}

function names(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim())
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}
