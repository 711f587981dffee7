import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]
type Painter = (text: string) => string

/** What colours mean in the reports. */
export interface Paint {
  readonly title: Painter
  readonly faint: Painter
  readonly good: Painter
  readonly warning: Painter
  readonly bad: Painter
  readonly bar: Painter
  readonly name: Painter
}

/** Painters for a terminal, or ones that leave text as it is. */
export function paintFor(colors: boolean): Paint {
  const painter = (style: Style): Painter =>
    colors ? (text) => (text === '' ? '' : styleText(style, text, { validateStream: false })) : (text) => text
  return {
    title: painter('bold'),
    // Weaker than the text on a light background as on a dark one; some themes draw gray in the background's colour.
    faint: painter('dim'),
    good: painter('green'),
    warning: painter('yellow'),
    bad: painter('red'),
    bar: painter('cyan'),
    name: painter('blue'),
  }
}
