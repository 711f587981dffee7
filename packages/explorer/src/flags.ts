import { parseArgs } from 'node:util'
import { UserError } from '@throughline/cli/reader'
import type { LabelTable } from './store/columns.js'

/** What was asked for on the command line. */
export interface Flags {
  readonly files: readonly string[]
  readonly port: number
  readonly open: boolean
  readonly follow: boolean
  readonly loki: URL | undefined
  readonly rules: string | undefined
  readonly json: boolean
  readonly labels: LabelTable | undefined
  readonly memory: number
  readonly maxBytes: number
  readonly help: boolean
  readonly version: boolean
}

export const USAGE = `Usage: throughline-explorer [options] [files...]

Searches logs in a browser with LogQL: files (plain or gzip, or globs of them), standard input, or a Loki.

Options:
  --loki <url>         search a Loki instead, read only; credentials as in logcli: LOKI_USERNAME and
                       LOKI_PASSWORD, LOKI_BEARER_TOKEN, LOKI_ORG_ID
  --rules <file>       print which alerts of a Loki rules file would have fired over the files, and when
  --json               with --rules: print one JSON object
  --labels <table>     the labels of the lines (default: app=service,level,log_type,
                       namespace=namespace|environment)
  --port <number>      the port on 127.0.0.1 (default: one that is free)
  --no-open            open no browser
  --no-follow          do not go on with what is added to the files
  --memory <size>      what DuckDB may use for its buffers (default: 512MB)
  --max-bytes <size>   how much is read at most, uncompressed (default: 20GB)
  -h, --help           print this
  -V, --version        print the version

Exit status: 0 done, 1 with --rules an alert would have fired, 2 unusable arguments or files, 130 interrupted.

Examples:
  throughline-explorer 'logs/*.log'
  kubectl logs --prefix -f -l app=api | throughline-explorer
  throughline-explorer --loki http://localhost:3100
  throughline-explorer --rules rules.yaml 'logs/*.log'
`

const OPTIONS = {
  loki: { type: 'string' },
  rules: { type: 'string' },
  json: { type: 'boolean', default: false },
  labels: { type: 'string' },
  port: { type: 'string', default: '0' },
  open: { type: 'boolean', default: true },
  follow: { type: 'boolean', default: true },
  memory: { type: 'string', default: '512MB' },
  'max-bytes': { type: 'string', default: '20GB' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'V', default: false },
} as const

/** @throws UserError naming the flag, and what it accepts. */
export function flagsOf(args: readonly string[]): Flags {
  const { values, positionals } = parsed(args)
  const { loki, rules, labels } = values
  if (loki !== undefined && (positionals.length > 0 || rules !== undefined))
    throw new UserError('--loki searches a Loki: it takes no files and no --rules')
  return {
    files: positionals,
    port: portOf(values.port),
    open: values.open,
    follow: values.follow,
    loki: loki === undefined ? undefined : urlOf(loki),
    rules,
    json: values.json,
    labels: labels === undefined ? undefined : labelsOf(labels),
    memory: sizeOf('--memory', values.memory),
    maxBytes: sizeOf('--max-bytes', values['max-bytes']),
    help: values.help,
    version: values.version,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, allowNegative: true })
  } catch (error) {
    throw new UserError(`${(error as Error).message.split('. ', 1)[0]}. See --help.`, { cause: error })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new UserError(`--port: got ${text}; accepted: 0 to 65535`)
  return port
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UserError(`--loki: got ${text}; accepted: a URL such as http://localhost:3100`)
  return url
}

/** `app=service,level,namespace=namespace|environment` */
function labelsOf(text: string): LabelTable {
  const pairs = text.split(',').map((pair) => {
    const [name = '', fields = name] = pair.trim().split('=')
    if (!/^[A-Za-z_]\w*$/.test(name) || fields === '')
      throw new UserError(`--labels: got ${pair}; accepted: names such as level, or app=service`)
    return [name, fields.split('|')] as const
  })
  return Object.fromEntries(pairs)
}

const UNITS: Readonly<Record<string, number>> = { '': 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

function sizeOf(flag: string, text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)?$/i.exec(text) ?? []
  const bytes = Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN)
  if (!(bytes > 0)) throw new UserError(`${flag}: got ${text}; accepted: a size such as 512MB or 20GB`)
  return bytes
}
