/** What `benchmarks.json` renders to: docs/reference/benchmarks.md. */
import { barsTable, caseTable, missed } from './tables.mjs'

const TITLES = {
  plain: 'A plain message',
  fields: 'Fields and bindings',
  redaction: 'Redaction',
  events: 'Typed events',
  text: 'Long and interpolated text',
  errors: 'Errors',
  destinations: 'Destinations',
  rotation: 'Rotation',
  context: 'Context',
  levels: 'Levels',
  children: 'Child loggers',
  formats: 'Formats',
  sampling: 'Sampling',
  http: 'HTTP servers',
  outgoing: 'Outgoing calls',
  process: 'Memory, start-up and size',
  peers: 'Every logger',
  techniques: 'Techniques',
  cli: 'The command line',
}

export function page(benchmarks) {
  const { results } = benchmarks
  const families = [...new Set(results.map(({ family }) => family))]
  return `${[
    introduction(benchmarks),
    '## The bars',
    BARS,
    barsTable(results),
    '## What is missed, and where the time goes',
    missed(results),
    ...families.flatMap((family) => [
      `## ${TITLES[family]}`,
      ...(NOTES[family] ?? []),
      ...tables(results.filter((result) => result.family === family)),
    ]),
  ].join('\n\n')}\n`
}

function tables(results) {
  const ids = [...new Set(results.map(({ id }) => id))]
  return ids.map((id) => caseTable(results.filter((result) => result.id === id)))
}

function introduction({ machine, versions, results }) {
  const { cpu, cores, memoryGiB, system } = machine
  const nodes = [...new Set(results.map(({ node }) => node))].sort(
    (a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10),
  )
  const dates = [...new Set(results.map(({ date }) => date))].sort()
  const on = dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}` : dates[0]
  return `# Benchmarks

Written by \`pnpm bench\` from what it measured, wins and losses alike; [the figures for programs](benchmarks.json). The cases
are in [\`test/bench\`](../../test/bench/families), and [why it is fast](../explanation/why-it-is-fast.md) says where the time goes.

- **Machine**: ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}. **Measured**: ${on}.
- **Node**: ${nodes.join(', ')}.
- **Peers**: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.

How it is measured:

- Each contender of a case runs in a process of its own, so that nothing else shapes its optimised code, and is warmed up
  first. In every round each has its turn. There are several such sets of processes.
- A time is the CPU time of the contender's whole process, unless the case says otherwise. It includes the garbage collector's
  threads and the threads that write files. It excludes other processes, also the reader of a pipe.
- A figure is the median of all rounds, in brackets the middle half of them. A ratio is the median of the ratios within each
  round.
- Lines go to \`/dev/null\` where the case says nothing else. "Buffered" is \`{ bytes: 4096, ms: 1000 }\` with us, and
  \`minLength: 4096, sync: true\` with pino: both write 4 K at a time, and both before the call returns.`
}

const BARS = `Each against pino at its own default output, held on Node 24 and 26; "at most" bars are against what the case names. "pino, our
output" in the tables below is pino set to an ISO time, a level's label and our message key, as its users set it for most log
stores; against it the ratios are higher. Over a Node stream pino is faster than over its own writer, and the ratios are
lower: [Destinations](#destinations) has both.

sonic-boom, pino's writer, takes the byte length of all that it holds at every write. If it mends that, our ratio for a plain
buffered message will stand at about 4 x.`

/** What a reader should know of a family before its tables. */
const NOTES = {
  redaction: [
    '`@pinojs/redact` and `fast-redact` run without a logger: they redact and serialise the fields, and write no line.',
  ],
  destinations: [
    `pino's default is a write for each line by another thread, after the call has returned; with \`sync: true\` the line is on the
descriptor when the call returns, as under our \`line\`. Our default writes at the end of the turn, before anything else can run:
with 1 line a turn it has nothing to gather. Against a Node stream ours writes at the end of the turn, pino when the stream
comes to it.`,
  ],
  rotation: ['The time of the event loop is what its callbacks take; compression itself runs in threads of Node.'],
  http: [
    `The server's own CPU time over requests that another process sends on 20 connections, less that of the same server without a
logger. Both ends stay awake within a round, since waking the other one would cost more than a logger does, and the lines go to
a file, since a pipe's reader would need a third core. A request has the twelve headers that a browser sends through a proxy.
pino-http writes one line a request, Fastify's logger two, ours two; only ours
and cls-rtracer have a context, and only ours a request id that is safe to take over from outside, a trace and bytes.`,
  ],
  outgoing: ['CPU time of the client, with 10 calls at a time to a server in another process.'],
  process: [
    "The resident memory is measured with V8's young generation kept at one size, which V8 else widens while a program runs.",
  ],
  peers: [
    `In the tables of standard output the first row and all peers but pino at its default have the line on the descriptor when
the call returns; our default writes at the end of the turn. Over \`fs.createWriteStream\` none has. OpenTelemetry's SDK writes
no JSON by itself: on standard output that is its console exporter, over a stream its batches with \`JSON.stringify\`. 10 lines
a turn.`,
  ],
  techniques: ['What the encoder does in an unusual way, beside the usual one, each alone and without a logger.'],
  cli: ['The wall clock of whole processes, on files that three services might have written.'],
}
