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
import { lineFilterOf } from '../record/filter.js'
import type { LogRecord } from '../record/record.js'
import {
  CONDITIONS,
  command,
  FILES,
  type Finish,
  type SharedFlags,
  screenFor,
  statusOf,
  tellDamages,
  wantedOf,
} from './command.js'

interface Flags extends SharedFlags {
  readonly fields?: readonly string[]
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

/** `throughline pretty`, and `throughline` alone. */
export function prettyCommand(io: Io, finish: Finish): Command {
  return command('pretty', 'show log lines readable, one line a record', EXAMPLES)
    .description(
      'Shows log lines readable and coloured, one line a record, with an error and its stack indented under it. Lines that are no JSON pass through. Reads the lines of pino and bunyan too.',
    )
    .argument('[files...]', FILES)
    .addOption(new Option('-f, --fields <names>', 'only these fields after the message, with commas').argParser(names))
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
  const intake = new Intake(io, sources, { isQuiet })
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
  const { grep, fields } = flags
  const wants = lineFilterOf(wantedOf(io, flags))
  const options: RenderOptions = {
    colors,
    service: true,
    today: new Date(io.now()).toISOString().slice(0, 10),
    fields: fields === undefined ? undefined : new Set(fields),
  }
  return (line) => {
    const { text, record } = line
    if (grep !== undefined && !grep.test(text)) return ''
    if (!wants(line)) return ''
    if (record === undefined) return `${origin(line)}${harmless(text)}\n`
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
