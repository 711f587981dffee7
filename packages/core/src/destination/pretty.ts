import { checkOptions } from '../check-options.js'
import type { Destination } from '../destination.js'
import { fieldNames } from '../pretty/field-choice.js'
import { Renderer } from '../pretty/render.js'
import { terminalColumns } from '../pretty/terminal-columns.js'

/** The options of `pretty`. */
export interface PrettyOptions {
  /**
   * Whether lines have the escape sequences of a terminal. By default they do where the destination is a terminal; `NO_COLOR`
   * and `FORCE_COLOR` win over that (no-color.org, force-color.org).
   */
  readonly colors?: boolean
  /** Fields that are left out, by name or glob (`http_*`). `LOG_PRETTY_HIDE` wins. */
  readonly hide?: readonly string[]
  /** The only fields that are shown after the message, by name or glob. By default, all but those that are the same on every line. */
  readonly fields?: readonly string[]
  /** Also shows what is the same on every line, ids in full, and summary lines. By default, they are left out. */
  readonly all?: boolean
}

/**
 * A destination for people: renders each line readable on its way to another destination (`pretty(stdout())`). It parses
 * what the encoder wrote, so a person sees exactly what a machine would get, redaction included; made for terminals, not for
 * speed. Lines have to be in our own format: a line of another one is shown with all its fields.
 *
 * @throws TypeError when it is given no destination, or for an option that cannot be used.
 */
export function pretty(destination: Destination, options: PrettyOptions = {}): Destination {
  if (typeof destination?.write !== 'function') {
    throw new TypeError(`pretty(destination): got ${typeof destination}; accepted: a destination, such as stdout()`)
  }
  const checked = checkOptions('pretty(destination, options)', options, ['colors', 'hide', 'fields', 'all'])
  const colors = checked.boolean('colors', colorsIn(process.env) ?? destination.isTerminal ?? false)
  const isNames = (value: unknown) => Array.isArray(value) && value.every((name) => typeof name === 'string')
  const hidden = checked.check('hide', isNames, 'an array of names')
  const renderer = new Renderer({
    colors,
    hide: process.env.LOG_PRETTY_HIDE ? fieldNames(process.env.LOG_PRETTY_HIDE) : hidden,
    fields: checked.check('fields', isNames, 'an array of names'),
    all: checked.boolean('all', false),
    columns: destination.isTerminal === true ? terminalColumns() : undefined,
  })
  return {
    target: destination.target ?? destination,
    get closeTimeoutMs() {
      return destination.closeTimeoutMs
    },
    limitLines: (limit) => destination.limitLines?.(limit),
    write(line, level) {
      const text = renderer.line(line)
      if (text !== '') destination.write(text, level)
    },
    flush: (flushOptions) => destination.flush(flushOptions),
    flushSync: (flushOptions) => destination.flushSync(flushOptions),
    close: (flushOptions) => destination.close(flushOptions),
    dropped: () => destination.dropped?.() ?? {},
    health: () => destination.health?.() ?? [],
    reportWith: (makeLine) => destination.reportWith?.((message, fields) => renderer.line(makeLine(message, fields))),
  }
}

/** What the environment says about colors; undefined when it says nothing. */
export function colorsIn(env: Readonly<Record<string, string | undefined>>): boolean | undefined {
  const { FORCE_COLOR: force, NO_COLOR: no } = env
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  return no !== undefined && no !== '' ? false : undefined
}
