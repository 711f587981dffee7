import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { ExitStatus } from '../exit-status.js'
import type { Io } from '../io.js'
import { hopsOf } from '../trace/hop.js'
import { page } from '../trace/page.js'
import { TraceSearch } from '../trace/trace-search.js'
import { treeOf } from '../trace/tree.js'
import { type Story, waterfall } from '../trace/waterfall.js'
import { told, UserError } from '../user-error.js'
import {
  command,
  FILES,
  type Finish,
  intakeOf,
  print,
  type SharedFlags,
  screenFor,
  statusOf,
  tellDamages,
} from './command.js'

interface Flags extends SharedFlags {
  readonly html?: string
}

const EXAMPLES = [
  "throughline trace req-123-abc 'logs/*.log'",
  'throughline trace 4bf92f3577b34da6a3ce929d0e0e4736 gateway.log api.log billing.log.gz',
  'throughline trace req-123-abc --html request.html logs/*.log',
  'kubectl logs --prefix -l app=shop --tail=-1 | throughline trace req-123-abc',
]

/** `throughline trace`. */
export function traceCommand(io: Io, finish: Finish): Command {
  return command('trace', 'show everything that happened to one request, across services', EXAMPLES)
    .description(
      'Finds the lines of one request in the files of all services and shows them as a tree of hops with a waterfall of durations, failures marked, and then line by line in the order of time. Where a request id is given, the trace ids on its lines are looked for too.',
    )
    .argument('<id>', 'a request id or a trace id')
    .argument('[files...]', FILES)
    .option('--html <file>', 'write the same as one page that needs no network')
    .addHelpText('after', '\nExit status: 0 found, 1 not found, 2 unusable arguments or files, 130 interrupted.')
    .action(async (id: string, files: readonly string[], flags: Flags) => finish(await trace(io, id, files, flags)))
}

async function trace(io: Io, id: string, files: readonly string[], flags: Flags): Promise<ExitStatus> {
  if (id.trim() === '') throw new UserError('the id is empty')
  const intake = await intakeOf(io, files, flags)
  const search = new TraceSearch(id, intake)
  try {
    await search.run()
  } finally {
    intake.end()
  }
  if (io.signal.aborted) return ExitStatus.interrupted
  tellDamages(io, intake)
  tellLimits(io, search)
  if (search.lines.length === 0) {
    io.stderr.write(`throughline: no line has the id ${JSON.stringify(id)}\n`)
    return ExitStatus.found
  }
  const story: Story = { id, traces: search.traces, lines: search.lines, tree: treeOf(hopsOf(search.lines)) }
  if (flags.html === undefined) await print(io, waterfall(story, { ...screenFor(io, flags), local: flags.local }))
  else await write(flags.html, page(story))
  return statusOf(io, ExitStatus.ok)
}

function tellLimits({ stderr }: Io, { isCut, unreadable, lines }: TraceSearch): void {
  if (isCut) stderr.write(`throughline: only the first ${lines.length} lines are shown\n`)
  if (unreadable > 0) stderr.write(`throughline: ${unreadable} lines with the id are no JSON, and not shown\n`)
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    throw told('--html', error)
  }
}
