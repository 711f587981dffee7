import { styleText } from 'node:util'

/** How a record is shown to a person. */
export interface RenderOptions {
  /** Whether the text has the escape sequences of a terminal. */
  readonly colors: boolean
  /** The only fields to show after the message; by default all but those that are the same on every line of a process. */
  readonly fields?: ReadonlySet<string> | undefined
  /** Shows the service before the message, where lines of several are read together. */
  readonly service?: boolean
  /** The day (`2024-01-22`) that goes without saying; on lines of another the date is shown. By default, every day does. */
  readonly today?: string
}

type Style = Parameters<typeof styleText>[0]
type Paint = (text: string) => string

const LEVEL_STYLES: Readonly<Record<string, Style>> = {
  TRACE: 'gray',
  DEBUG: 'cyan',
  INFO: 'green',
  WARN: 'yellow',
  ERROR: 'red',
  FATAL: ['bgRed', 'white'],
}

interface Palette {
  readonly level: (name: string) => string
  readonly faint: Paint
  readonly module: Paint
  readonly message: Paint
  readonly error: Paint
}

const [COLORED, PLAIN] = [true, false].map(palette) as [Palette, Palette]

/** Shown elsewhere than among the fields. */
const PLACED = new Set(['timestamp', 'level', 'logger', 'message', 'traceback', 'error', 'error_type'])
/** The same on every line of a process, so that on a terminal it only takes room. */
const UNSHOWN = new Set(['service', 'version', 'environment', 'pod', 'namespace', 'node', 'container', 'boot_id'])

/**
 * One JSON line as people read it: time, level, module, message, fields, and under it an error's stack. What is no JSON
 * object is passed through, made harmless.
 *
 * @param line With or without its newline; the result has one.
 */
export function renderLine(line: string, options: RenderOptions): string {
  const record = parse(line)
  return record === undefined ? `${harmless(line.trimEnd())}\n` : renderRecord(record, options)
}

/** A record with the line's own field names, as `renderLine` shows it. */
export function renderRecord(record: Readonly<Record<string, unknown>>, options: RenderOptions): string {
  const paint = options.colors ? COLORED : PLAIN
  const { service, logger } = record
  let text = `${paint.faint(time(record.timestamp, options.today))} ${paint.level(textOf(record.level))} `
  if (options.service === true && service !== undefined) text += `${paint.module(oneLine(service))} `
  if (logger !== undefined) text += `${paint.module(`${oneLine(logger)}:`)} `
  text += paint.message(oneLine(record.message))
  for (const name in record) {
    if (PLACED.has(name) || (options.fields === undefined ? UNSHOWN.has(name) : !options.fields.has(name))) continue
    text += ` ${paint.faint(`${oneLine(name)}=`)}${shown(record[name])}`
  }
  return `${text}${errorBlock(record, paint.error)}\n`
}

function palette(colors: boolean): Palette {
  // The codes are asked for once: on a long log, asking for each piece of text takes longer than parsing the line.
  const painter = (style: Style): Paint => {
    if (!colors) return (text) => text
    const [open, close] = styleText(style, '\0', { validateStream: false }).split('\0')
    return (text) => `${open}${text}${close}`
  }
  const levels = Object.entries(LEVEL_STYLES).map(([name, style]) => [name, painter(style)(name.padEnd(5))] as const)
  const known = new Map(levels)
  const other = painter('white')
  return {
    level: (name) => known.get(name) ?? other(oneLine(name).padEnd(5)),
    faint: painter('gray'),
    module: painter('blue'),
    message: painter('bold'),
    error: painter('red'),
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** `10:15:23.120`, where the day is known. */
function time(timestamp: unknown, today: string | undefined): string {
  const text = typeof timestamp === 'string' ? timestamp : ''
  if (!/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/.test(text)) return oneLine(text)
  const ofDay = text.slice(11, -1)
  return today === undefined || text.startsWith(today) ? ofDay : `${text.slice(0, 10)} ${ofDay}`
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return value === '' || /[\s="]/.test(value) ? oneLine(JSON.stringify(value)) : oneLine(value)
  return typeof value === 'number' ? String(value) : oneLine(JSON.stringify(value))
}

/** The error's own words, then its stack and causes, indented under the line. */
function errorBlock(record: Readonly<Record<string, unknown>>, paint: Paint): string {
  const { traceback, error, error_type: type } = record
  const blocks: string[] = []
  const isInStack = typeof traceback === 'string' && traceback.includes(textOf(error))
  if (error !== undefined && !isInStack) blocks.push(`${oneLine(type ?? 'error')}: ${shown(error)}`)
  if (typeof traceback === 'string') blocks.push(harmless(traceback))
  for (const name in record) {
    const stack = stackOf(record[name])
    if (typeof stack === 'string') blocks.push(harmless(stack))
  }
  return blocks.length === 0 ? '' : `\n${paint(blocks.join('\n').replace(/^/gm, '    '))}`
}

function stackOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'stack' in value ? value.stack : undefined
}

/**
 * Text without anything that a terminal would act on: control characters of both sets (a C1 one starts a sequence too)
 * but newline and tab, and the marks that turn the direction of writing, are shown by their code.
 */
export function harmless(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The same on one line: newline and tab are shown too. */
export function oneLine(value: unknown): string {
  const text = textOf(value)
  return PRINTABLE.test(text) ? text : harmless(text).replace(/\n/g, '\\n').replace(/\t/g, '\\t')
}

/** A field of a line that somebody else may have written is no text by its name alone. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

const PRINTABLE = /^[\x20-\x7e]*$/
