import { type ContextStore, mergedFields } from '../context/store.js'
import type { Bindings } from '../encode/bindings.js'
import type { Fields } from '../encode/field.js'
import type { LineEncoder } from '../encode/line.js'
import { AUDIT, type LevelName, levelName } from '../levels/level.js'
import { warnOnce } from '../warn.js'
import { readableCopy } from './log-arguments.js'

/** The option `mixin`: fields for the line that is being logged. */
export type MixinFunction = (level: LevelName) => object

/** Calls the option `mixin` and adds its result to the context of a line. */
export class Mixin {
  /** True while the function runs: a line that it logs itself gets no mixin. */
  private running = false

  constructor(private readonly fields: MixinFunction) {}

  /** The context of a line with the function's result in it. The context's own fields are stronger. */
  mixed(
    store: ContextStore | undefined,
    context: Bindings | undefined,
    encoder: LineEncoder,
    level: number,
  ): Bindings | undefined {
    if (this.running) return context
    this.running = true
    try {
      const fields: unknown = this.fields(level === AUDIT ? 'info' : (levelName(level) as LevelName))
      if (typeof fields !== 'object' || fields === null) return context
      return encoder.bindings.ofContext(mergedFields(readableCopy(fields) as Fields, store?.fields))
    } catch (error) {
      warnOnce(`mixin threw ${error instanceof Error ? error.name : typeof error}; the line has no fields of it`)
      return context
    } finally {
      this.running = false
    }
  }
}
