import { styleText } from 'node:util'

export interface RenderOptions {
  readonly colors: boolean
}

type Style = Parameters<typeof styleText>[0]

const LEVEL_STYLES: Readonly<Record<string, Style>> = {
  TRACE: 'gray',
  DEBUG: 'cyan',
  INFO: 'green',
  WARN: 'yellow',
  ERROR: 'red',
  FATAL: ['bgRed', 'white'],
}

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
  if (record === undefined) return `${harmless(line.trimEnd())}\n`
  const paint = (style: Style, text: string) =>
    options.colors ? styleText(style, text, { validateStream: false }) : text
  const level = String(record.level ?? '')
  const parts = [
    paint('gray', timeOfDay(record.timestamp)),
    paint(LEVEL_STYLES[level] ?? 'white', level.padEnd(5)),
    ...(record.logger === undefined ? [] : [paint('blue', `${oneLine(record.logger)}:`)]),
    paint('bold', oneLine(record.message ?? '')),
    ...Object.entries(record)
      .filter(([name]) => !PLACED.has(name) && !UNSHOWN.has(name))
      .map(([name, value]) => `${paint('gray', `${oneLine(name)}=`)}${shown(value)}`),
  ]
  return `${parts.join(' ')}${errorBlock(record, paint)}\n`
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

/** `10:15:23.120`: on a terminal the day is known. */
function timeOfDay(timestamp: unknown): string {
  const text = typeof timestamp === 'string' ? timestamp : ''
  return /T[\d:.]{12}Z$/.test(text) ? text.slice(-13, -1) : oneLine(text)
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return value === '' || /[\s="]/.test(value) ? oneLine(JSON.stringify(value)) : oneLine(value)
  return oneLine(JSON.stringify(value))
}

/** The error's own words, then its stack and causes, indented under the line. */
function errorBlock(record: Record<string, unknown>, paint: (style: Style, text: string) => string): string {
  const { traceback, error, error_type: type } = record
  const stacks = [traceback, ...Object.values(record).map(stackOf)].filter((text) => typeof text === 'string')
  const head = error === undefined || typeof traceback === 'string' ? [] : [`${type ?? 'error'}: ${shown(error)}`]
  const block = [...head.map(oneLine), ...stacks.map(harmless)].join('\n')
  return block === '' ? '' : `\n${paint('red', block.replace(/^/gm, '    '))}`
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
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function oneLine(value: unknown): string {
  return harmless(String(value)).replace(/\n/g, '\\n').replace(/\t/g, '\\t')
}
