import { type JsonObject, parseObject } from '../record/json.js'

/** A record, and what another program has put before it on its line. */
export interface Prefixed {
  readonly text: string
  readonly object: JsonObject
  /** Which container, pod, dyno or process the prefix names. */
  readonly origin: string | undefined
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
const ESCAPES = /\u001b\[[\d;]*m/g
/** logcli's default output: time, labels, line. */
const LABELS = /^(\S{1,64} )?(\{[^{}]{0,4096}\}) +(?=\{)/
/** What is left of a record whose beginning is lost: this is no prefix, and the line is torn. */
const REMAINS = /["}]\s*[,:}\]]|["}]\s*$/
/** Longer text before a record is no program's prefix. */
const LONGEST_PREFIX = 1024

/**
 * The record that a line ends with: the text from the first `{` to the end, where that is a JSON object. Whatever stern, Heroku,
 * journald, pm2, compose, GitHub Actions or any other program has put before it is the prefix.
 */
export function withoutPrefix(line: string): Prefixed | undefined {
  const end = recordEnd(line)
  if (end === 0) return undefined
  const labels = LABELS.exec(line)
  const start = labels === null ? line.indexOf('{') : labels[0].length
  if (start <= 0 || start > LONGEST_PREFIX) return undefined
  const prefix = line.slice(0, start)
  if (labels === null && REMAINS.test(prefix)) return undefined
  const text = line.slice(start, end)
  const object = parseObject(text)
  if (object === undefined) return undefined
  return { text, object, origin: labels === null ? originOf(prefix) : originOfLabels(labels[2] ?? '') }
}

/** Where the `}` is that a line ends with, but for white space and what sets a terminal's colours back; 0 where it ends otherwise. */
function recordEnd(line: string): number {
  const end = line.lastIndexOf('}') + 1
  const rest = line.slice(end, end + LONGEST_ENDING + 1)
  return rest.length <= LONGEST_ENDING && ENDING.test(rest) ? end : 0
}

/** White space and escape sequences behind a record. */
const LONGEST_ENDING = 64
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
const ENDING = /^(?:\s|\u001b\[[\d;]{0,20}m)*$/

/** ISO 8601, syslog's `Jan 22 10:15:23`, and a time alone, in brackets or with a colon behind it. */
const TIMES =
  /\[?(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|(?<!\S)\d\d:\d\d:\d\d(?:\.\d+)?)\]?:?/g
/** `app[web.1]:`, `node[123]:` */
const PROCESS = /(?:^|\s)([\w./@-]+)\[([\w./-]+)\]:?$/
/** `<134>1 host api`: RFC 5424, its time taken out. */
const SYSLOG = /^<\d{1,3}>\d?\s+\S+\s+(\S+)/
/** `api-1 |`, `0|api |`, `shop.1.x7@node |` */
const PIPED = /(?:^|[\s|])([\w.@/-]+)\s*\|$/

const LONGEST_ORIGIN = 128

function originOf(prefix: string): string | undefined {
  const text = prefix.replace(ESCAPES, '').replace(TIMES, ' ').trim()
  const syslog = SYSLOG.exec(text)
  if (syslog !== null) return syslog[1]
  const process = PROCESS.exec(text)
  if (process !== null) return /^\d+$/.test(process[2] ?? '') ? process[1] : process[2]
  const piped = PIPED.exec(text)
  if (piped !== null) return piped[1]
  // stern: pod and container, with the namespace before them where it shows several.
  const words = text.split(/[\s›]+/).filter((word) => word !== '' && word !== '+' && word !== '-')
  const areNames = words.length <= 3 && words.every((word) => /^[\w][\w./-]*$/.test(word))
  const origin = areNames ? words.join('/') : bare(text)
  return origin === '' ? undefined : origin.slice(0, LONGEST_ORIGIN)
}

/** Without the signs that set a prefix off. */
function bare(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && '[('.includes(text[start] ?? '')) start++
  while (end > start && '])>:,-'.includes(text[end - 1] ?? '')) end--
  return text.slice(start, end).trim()
}

const ORIGIN_LABELS = [
  /[{,\s]container="([^"]{1,128})"/,
  /[{,\s]pod="([^"]{1,128})"/,
  /[{,\s]service_name="([^"]{1,128})"/,
  /[{,\s]app="([^"]{1,128})"/,
  /[{,\s]job="([^"]{1,128})"/,
]

/** The label that says best where a line is from. */
function originOfLabels(labels: string): string | undefined {
  return ORIGIN_LABELS.map((label) => label.exec(labels)?.[1]).find((origin) => origin !== undefined)
}
