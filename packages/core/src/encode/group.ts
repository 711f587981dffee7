import type { GroupShape } from './shape.js'
import { isPlainText } from './string.js'
import type { ValueEncoder } from './value.js'

/** The object that a format has for some of a call's fields, while it is written. */
export class Group {
  private text = ''
  /** Whether the text last written lacks its closing quote, which the next key brings as in the walk (bench `formats`). */
  private isOpen = false

  constructor(
    private readonly values: ValueEncoder,
    /** Whether every text has to be looked into. */
    private readonly detects: boolean,
  ) {}

  get isEmpty(): boolean {
    return this.text === ''
  }

  reset(): void {
    this.text = ''
    this.isOpen = false
  }

  /** A flat value. */
  put(shape: GroupShape, value: unknown): void {
    if (typeof value === 'string' && !this.detects && isPlainText(value)) {
      const key = this.text === '' ? shape.firstText : this.isOpen ? shape.closingText : shape.nextText
      this.text += key + value
      this.isOpen = true
    } else {
      const json = this.values.value(value, 1)
      if (json !== undefined) this.putJson(shape, json)
    }
  }

  putJson(shape: GroupShape, json: string): void {
    this.text += (this.text === '' ? shape.first : this.isOpen ? shape.closing : shape.next) + json
    this.isOpen = false
  }

  /** All of it, and what follows. */
  closed(end: string): string {
    return this.text + (this.isOpen ? '"}' : '}') + end
  }
}
