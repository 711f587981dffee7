import { globMatcher } from '../glob.js'

/** Which fields of a record are shown after the message. Names are globs: `*` is any text, `?` a character. */
export interface FieldChoice {
  /** Only these. By default, all but those that are the same on every line of a process. */
  readonly fields?: readonly string[] | undefined
  /** Not these. */
  readonly hide?: readonly string[] | undefined
  /** Also those that are the same on every line, and ids in full. */
  readonly all?: boolean | undefined
}

/** Where a field of a record is shown. */
export type Place = 'nowhere' | 'head' | 'error' | 'id' | 'field'

const HEAD = new Set(['timestamp', 'level', 'logger', 'message'])
const ERROR = new Set(['error', 'error_type', 'error_code', 'error_details', 'traceback'])
const IDS = new Set(['request_id', 'trace_id', 'span_id', 'parent_span_id'])
/** The same on every line of a process or of a client, so that on a terminal they only take room. */
const CONSTANT = new Set([
  'service',
  'version',
  'environment',
  'pod',
  'namespace',
  'node',
  'container',
  'hostname',
  'pid',
  'boot_id',
  'seq',
  'user_agent',
  'remote_addr',
])

/** More names than that have nothing in common, and are not kept. */
const MOST_NAMES = 10_000

/** Says where a field is shown, by its name; each name is tried on the globs once. */
export function placesOf({ fields, hide = [], all = false }: FieldChoice): (name: string) => Place {
  const isHidden = anyOf(hide)
  const isChosen = fields === undefined ? undefined : anyOf(fields)
  const placeOf = (name: string): Place => {
    if (HEAD.has(name)) return 'head'
    if (isHidden(name)) return 'nowhere'
    if (ERROR.has(name)) return 'error'
    if (isChosen !== undefined) return isChosen(name) ? 'field' : 'nowhere'
    if (all) return 'field'
    return IDS.has(name) ? 'id' : CONSTANT.has(name) ? 'nowhere' : 'field'
  }
  const known = new Map<string, Place>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const place = placeOf(name)
    if (known.size < MOST_NAMES) known.set(name, place)
    return place
  }
}

/** Names as people give them, in an option's text or a variable: `http_*,user_agent`. */
export function fieldNames(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function anyOf(globs: readonly string[]): (name: string) => boolean {
  const matchers = globs.map(globMatcher)
  return (name) => matchers.some((matches) => matches(name))
}
