import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]
export type Paint = (text: string) => string

/** The colours of readable lines. All are the terminal's own, so that they suit a light background and a dark one. */
export interface Palette {
  readonly plain: Paint
  /** A level's name in five columns. */
  readonly level: (name: string) => string
  /** Times, field names, ids and frames of libraries: weaker than the text, whatever the background. */
  readonly faint: Paint
  readonly name: Paint
  readonly strong: Paint
  readonly number: Paint
  /** true, false and null. */
  readonly word: Paint
  readonly good: Paint
  readonly warning: Paint
  readonly error: Paint
}

const LEVEL_STYLES: Readonly<Record<string, Style>> = {
  TRACE: 'dim',
  DEBUG: 'cyan',
  INFO: 'green',
  WARN: 'yellow',
  ERROR: 'red',
  FATAL: ['bgRed', 'white'],
}

let made: { readonly colored: Palette; readonly plain: Palette } | undefined

/** Made at the first readable line, since most programs write none. */
export function paletteFor(colors: boolean): Palette {
  made ??= { colored: paletteOf(true), plain: paletteOf(false) }
  return colors ? made.colored : made.plain
}

function paletteOf(colors: boolean): Palette {
  const plain: Paint = (text) => text
  // The codes are asked for once: on a long log, asking for each piece of text takes longer than parsing the line.
  const painter = (style: Style): Paint => {
    if (!colors) return plain
    const [open, close] = styleText(style, '\0', { validateStream: false }).split('\0')
    return (text) => (text === '' ? '' : `${open}${text}${close}`)
  }
  const levels = Object.entries(LEVEL_STYLES).map(([name, style]) => [name, painter(style)(name.padEnd(5))] as const)
  const known = new Map(levels)
  return {
    plain,
    level: (name) => known.get(name) ?? name.padEnd(5),
    faint: painter('dim'),
    name: painter('blue'),
    strong: painter('bold'),
    number: painter('cyan'),
    word: painter('magenta'),
    good: painter('green'),
    warning: painter('yellow'),
    error: painter('red'),
  }
}
