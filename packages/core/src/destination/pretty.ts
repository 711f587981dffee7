import { checkOptions } from '../check-options.js'
import type { Destination } from '../destination.js'
import { renderLine } from '../pretty/render.js'

/** The options of `pretty`. */
export interface PrettyOptions {
  /**
   * Whether lines have the escape sequences of a terminal. By default they do where the destination is a terminal; `NO_COLOR`
   * and `FORCE_COLOR` win over that (no-color.org, force-color.org).
   */
  readonly colors?: boolean
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
  const checked = checkOptions('pretty(destination, options)', options, ['colors'])
  const colors = checked.boolean('colors', colorsIn(process.env) ?? destination.isTerminal ?? false)
  const rendered = (line: string) => renderLine(line, { colors })
  return {
    target: destination.target ?? destination,
    get maxLineBytes() {
      return destination.maxLineBytes
    },
    write: (line, level) => destination.write(rendered(line), level),
    flush: (flushOptions) => destination.flush(flushOptions),
    flushSync: (flushOptions) => destination.flushSync(flushOptions),
    close: (flushOptions) => destination.close(flushOptions),
    dropped: () => destination.dropped?.() ?? {},
    reportWith: (makeLine) => destination.reportWith?.((message, fields) => rendered(makeLine(message, fields))),
  }
}

/** What the environment says about colors; undefined when it says nothing. */
export function colorsIn(env: Readonly<Record<string, string | undefined>>): boolean | undefined {
  const { FORCE_COLOR: force, NO_COLOR: no } = env
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  return no !== undefined && no !== '' ? false : undefined
}
