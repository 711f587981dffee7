import { messageFirst } from '../lines.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const OWN = { names: { timestamp: 'ts', level: 'lvl', message: 'text', response_time_ms: 'ms' } }
const FORMATS = { ecs: 'ecs', otel: 'otel', gcp: 'gcp', datadog: 'datadog', splunk: 'splunk', cloudwatch: 'cloudwatch' }
const ALL = { json: 'json', ...FORMATS, pino: 'pino', 'one of your own': OWN }

export const cases = [
  formats('plain', 'a plain message', []),
  formats(
    'six',
    'six fields, of which formats rename some',
    Object.keys(ALL)
      .slice(1)
      .map((of) => ({ of, against: 'json', atMost: 1.1 })),
  ),
]

function formats(line, said, bars) {
  return {
    id: `formats-${line}`,
    name: `each format against the default one, buffered: ${said}`,
    bars,
    // A tenth is less than V8 makes of the same program in two processes.
    settings: ({ sets, ...others }) => ({ ...others, sets: 3 * sets }),
    contenders: Object.fromEntries(
      Object.entries(ALL).map(([name, format]) => [name, using(throughline(at4K, { format }), messageFirst[line])]),
    ),
  }
}
