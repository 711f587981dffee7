import type { Destination } from '../destination/destination.js'
import { Renderer, type RenderOptions } from './render.js'

/**
 * A destination for people: each line is rendered readable on its way to another destination. It parses what the encoder
 * wrote, so that a person sees exactly what a machine would have been given, redaction and all; made for terminals, not
 * for speed.
 */
export function pretty(destination: Destination, options: RenderOptions): Destination {
  const renderer = new Renderer(options)
  return {
    sink: destination.sink ?? destination,
    write(line, level) {
      const text = renderer.line(line)
      if (text !== '') destination.write(text, level)
    },
    flush: () => destination.flush(),
    flushSync: () => destination.flushSync(),
    close: () => destination.close(),
    dropped: () => destination.dropped?.() ?? {},
    reportWith: (makeLine) => destination.reportWith?.((message, fields) => renderer.line(makeLine(message, fields))),
  }
}
