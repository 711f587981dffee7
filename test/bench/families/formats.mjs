import { messageFirst } from '../lines.mjs'
import { throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const OWN = { names: { timestamp: 'ts', level: 'lvl', message: 'text', response_time_ms: 'ms' } }
const FORMATS = { ecs: 'ecs', otel: 'otel', gcp: 'gcp', datadog: 'datadog', splunk: 'splunk', cloudwatch: 'cloudwatch' }
const ALL = { json: 'json', ...FORMATS, pino: 'pino', 'one of your own': OWN }

/** What a write costs is the descriptor's: of longer lines, fewer are in a buffer of 4 KB. */
const at16K = { bytes: 16 * 1024, ms: 1000 }

export const cases = [
  formats('plain', 'a plain message', 3, []),
  formats(
    'six',
    'six fields, of which formats rename some',
    12,
    Object.keys(ALL)
      .slice(1)
      .map((of) => ({ of, against: 'json', atMost: 1.1 })),
  ),
]

/** @param times How many times the usual sets: a tenth is less than V8 makes of the same program in two processes. */
function formats(line, said, times, bars) {
  return {
    id: `formats-${line}`,
    name: `each format against the default one, buffered: ${said}`,
    bars,
    settings: ({ sets, ...others }) => ({ ...others, sets: times * sets }),
    contenders: Object.fromEntries(
      Object.entries(ALL).map(([name, format]) => [name, using(throughline(at16K, { format }), messageFirst[line])]),
    ),
  }
}
