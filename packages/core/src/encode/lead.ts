import type { Fragment, Texts } from './fragment.js'
import { flatten } from './string.js'

/**
 * What the last line began with, up to the text of its message: the lines of one logger within one millisecond begin alike.
 * Kept as it is at first, and put together when it is asked for again, so that a service which logs a line now and then
 * pays nothing for it (bench `plain`: 10 %).
 */
export class Lead {
  private ms = Number.NaN
  private index = -1
  private bindings: Fragment | undefined
  private context: Fragment | undefined
  private kept = ''
  private isFlat = false
  /** What follows the message. */
  texts: Texts

  constructor(texts: Texts) {
    this.texts = texts
  }

  isOf(ms: number, index: number, bindings: Fragment, context: Fragment | undefined): boolean {
    return bindings === this.bindings && context === this.context && index === this.index && ms === this.ms
  }

  keep(
    ms: number,
    index: number,
    bindings: Fragment,
    context: Fragment | undefined,
    text: string,
    texts: Texts,
  ): string {
    this.ms = ms
    this.index = index
    this.bindings = bindings
    this.context = context
    this.kept = text
    this.isFlat = false
    this.texts = texts
    return text
  }

  get text(): string {
    if (this.isFlat) return this.kept
    this.isFlat = true
    this.kept = flatten(this.kept)
    return this.kept
  }
}
