import type { Palette } from './palette.js'
import { harmless, oneLine, textOf } from './printable.js'
import { addField, shown } from './render-value.js'
import { Row } from './row.js'

type Fields = Readonly<Record<string, unknown>>

export interface ErrorRendering {
  readonly palette: Palette
  readonly columns: number
  /** The text of a line of source code, where it can be had. */
  readonly sourceLine?: ((file: string, line: number) => string | undefined) | undefined
}

/** An error as a line has it, whatever the names of its parts there. */
interface ErrorParts {
  readonly type: string | undefined
  readonly message: string | undefined
  readonly stack: string | undefined
  /** Its code and its own properties. */
  readonly properties: readonly (readonly [string, unknown])[]
  readonly cause?: unknown
  readonly errors?: unknown
}

const INDENT = 4
/** Causes of causes beyond this are not followed. */
const DEEPEST = 8

/** `Type: message`, where a line's message says only the latter: the error is then shown once. */
export function errorMessage({ message, error, error_type }: Fields): string | undefined {
  return typeof message === 'string' && message !== '' && message === error && typeof error_type === 'string'
    ? `${error_type}: ${message}`
    : undefined
}

/** A record's error, in rows under the record's own: type and message, own properties, the stack and the causes. */
export function errorRows(record: Fields, rendering: ErrorRendering): readonly string[] {
  const { error, error_type: type, error_code: code, error_details: details, traceback } = record
  if (isErrorObject(error)) return partsRows(partsOf(error), '', rendering, 0)
  const properties = isObject(details)
    ? Object.entries(details)
    : details === undefined
      ? []
      : [['error_details', details]]
  const parts: ErrorParts = {
    type: type === undefined ? undefined : textOf(type),
    message: error === undefined ? undefined : textOf(error),
    stack: typeof traceback === 'string' ? traceback : undefined,
    properties: [
      ...(code === undefined ? [] : [['error_code', code] as const]),
      ...(properties as [string, unknown][]).filter(([name, value]) => name !== 'code' || value !== code),
    ],
  }
  return partsRows(parts, '', rendering, 0, errorMessage(record) !== undefined)
}

/** Whether a field's value is an error that was logged under a name of its own. */
export function isErrorObject(value: unknown): value is Fields {
  if (!isObject(value)) return false
  const { type, message, stack } = value
  if (typeof stack === 'string') return true
  return typeof message === 'string' && typeof type === 'string' && /(?:Error|Exception)$/.test(type)
}

/** An error under a name of its own (`{ type, message, stack, code, cause }`), named by it. */
export function errorObjectRows(name: string, value: Fields, rendering: ErrorRendering): readonly string[] {
  return partsRows(partsOf(value), name === 'err' ? '' : `${oneLine(name)}: `, rendering, 0)
}

function partsOf({ type, name, message, stack, cause, errors, ...rest }: Fields): ErrorParts {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    type: text(type) ?? text(name),
    message: text(message),
    stack: text(stack),
    properties: Object.entries(rest),
    cause,
    errors,
  }
}

function partsRows(
  parts: ErrorParts,
  label: string,
  rendering: ErrorRendering,
  depth: number,
  isHeadShown = false,
): readonly string[] {
  const { type, message, properties, cause, errors } = parts
  const { head, rest } = stackOf(parts)
  const indent = INDENT * (depth + 1)
  const { error } = rendering.palette
  const rows: string[] = []
  if (!isHeadShown)
    rows.push(...titleRows(label, type, message, head).map((text) => textRow(text, indent, error, rendering)))
  if (properties.length > 0) rows.push(propertyRow(properties, indent, rendering))
  rows.push(...stackRows(rest, indent, rendering))
  if (depth >= DEEPEST) return rows
  if (cause !== undefined && !saysAlready(rest, cause)) rows.push(...causeRows('Caused by: ', cause, rendering, depth))
  if (Array.isArray(errors))
    for (const one of errors) if (!saysAlready(rest, one)) rows.push(...causeRows('', one, rendering, depth + 1))
  return rows
}

function causeRows(label: string, cause: unknown, rendering: ErrorRendering, depth: number): readonly string[] {
  if (isErrorObject(cause)) return partsRows(partsOf(cause), label, rendering, depth)
  return [textRow(`${label}${shown(cause)}`, INDENT * (depth + 1), rendering.palette.error, rendering)]
}

/** Whether a stack that was written with its causes has this one. */
function saysAlready(stack: string, cause: unknown): boolean {
  const words = isObject(cause) ? cause.message : cause
  return typeof words === 'string' && words !== '' && stack.includes(words)
}

/** A stack's first lines, which repeat type and message, apart from the frames and the causes. */
function stackOf({ stack = '' }: ErrorParts): { readonly head: string; readonly rest: string } {
  const frames = /(?:^|\n)[ \t]*at |\nCaused by: /.exec(stack)
  if (frames === null) return { head: stack, rest: '' }
  return { head: stack.slice(0, frames.index), rest: stack.slice(frames.index).replace(/^\n/, '') }
}

/** Type and message, once: the stack's own first lines stand for them, or under them where they say something else. */
function titleRows(
  label: string,
  type: string | undefined,
  message: string | undefined,
  head: string,
): readonly string[] {
  if (message === undefined || message === '') return [`${label}${head || (type ?? 'error')}`]
  const title = `${label}${type ?? 'error'}: ${message}`
  return head.endsWith(message) || /^\w*$/.test(head) ? [title] : [title, head]
}

function propertyRow(
  properties: readonly (readonly [string, unknown])[],
  indent: number,
  rendering: ErrorRendering,
): string {
  const row = new Row(rendering.columns)
  row.head(' '.repeat(indent), indent)
  row.indentHere()
  for (const [name, value] of properties) addField(row, name, value, rendering.palette)
  return row.toString()
}

/** Frames, those of libraries and of Node itself faint, and the causes between them. */
function stackRows(stack: string, indent: number, rendering: ErrorRendering): readonly string[] {
  if (stack === '') return []
  const { faint, plain, error, strong } = rendering.palette
  const rows: string[] = []
  let hasSource = false
  for (const line of stack.split('\n')) {
    const isFrame = /^[ \t]*at /.test(line)
    const isOwn = isFrame && !/node_modules|[( ](?:node:|internal\/)|<anonymous>\)?$|\bnative\b/.test(line)
    rows.push(textRow(line, indent, isOwn ? plain : isFrame ? faint : error, rendering))
    if (!isOwn || hasSource) continue
    hasSource = true
    const code = sourceOf(line, rendering)
    if (code !== undefined) rows.push(textRow(`› ${code.trim()}`, indent + 6, strong, rendering))
  }
  return rows
}

function sourceOf(frame: string, { sourceLine }: ErrorRendering): string | undefined {
  if (sourceLine === undefined) return undefined
  const place = /^[ \t]*at (?:.{0,1000} \()?([^()]{1,4000}):(\d{1,9}):\d{1,9}\)?$/.exec(frame)
  return place === null ? undefined : sourceLine(place[1] ?? '', Number(place[2]))
}

/** One line of an error's text in as many rows as it takes, each under its own indent. */
function textRow(text: string, indent: number, paint: (text: string) => string, { columns }: ErrorRendering): string {
  return harmless(text)
    .replaceAll('\t', '    ')
    .split('\n')
    .map((line) => {
      const own = /^ */.exec(line)?.[0].length ?? 0
      const row = new Row(columns)
      row.head(' '.repeat(indent + own), indent + own)
      // A frame goes on behind its "at".
      row.indentBy(indent + own + (line.startsWith('at ', own) ? 3 : 0))
      row.prose(line.slice(own), paint)
      return row.toString()
    })
    .join('\n')
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
