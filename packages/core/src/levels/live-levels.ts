import { processWide } from '../process-wide.js'
import { warnOnce } from '../warn.js'
import { type Directive, parseDirectives } from './directives.js'

/** The directives of one `setLevel`. They override those of the environment and the code until they are undone. */
interface Layer {
  readonly directives: readonly Directive[]
  /** Whether it undoes itself after a time. */
  readonly temporary: boolean
  /** Its place in the order of changes. A level set on a logger later than this one is stronger. */
  readonly epoch: number
}

/** The live changes of the process and the level tables that follow them. Shared by every copy of the package. */
interface LiveLevels {
  /** Sorted by epoch. */
  layers: readonly Layer[]
  epoch: number
  readonly tables: Set<WeakRef<{ refresh(): void }>>
}

/** At more changes than this, those without effect are dropped; undoing a later change does not bring them back. */
const MOST_LAYERS = 100

export const live = processWide<LiveLevels>('levels', 2, () => ({ layers: [], epoch: 0, tables: new Set() }))

/** Refreshes a level table at every live change, as long as it exists. */
export function follow(table: { refresh(): void }): void {
  live.tables.add(new WeakRef(table))
  if (live.tables.size % 64 === 0) forgetCollected()
}

function forgetCollected(): void {
  for (const reference of live.tables) if (reference.deref() === undefined) live.tables.delete(reference)
}

function change(layers: readonly Layer[]): void {
  live.layers = layers
  for (const reference of live.tables) {
    const table = reference.deref()
    if (table === undefined) live.tables.delete(reference)
    else table.refresh()
  }
}

/** The result of `setLevel`. */
export interface LevelChange {
  /** One sentence for each directive that did not parse. The others apply. */
  readonly problems: readonly string[]
  /** Undoes this change. Earlier and later changes stay. */
  undo(): void
}

/** The longest delay that `setTimeout` takes (2^31 - 1 ms, about 25 days); a longer one would fire at once. */
const LONGEST_TIMER = 2_147_483_647

/**
 * Changes the level of every logger of the process at once, children included.
 *
 * @param text Directives as in `LOG_LEVEL`: `debug`, `db=debug`, `http.*=warn`, `[user_id=42]=trace`, several with commas.
 *   A directive that does not parse prints a warning with its position to stderr, and the others apply.
 * @param options `forMs`: undoes the change after so many milliseconds. Without it, the change stays.
 * @example
 * ```ts
 * setLevel('db=debug', { forMs: 10 * 60_000 })
 * ```
 */
export function setLevel(text: string, options: { readonly forMs?: number } = {}): LevelChange {
  const { directives, problems } = parseDirectives(String(text))
  for (const problem of problems) warnOnce(`setLevel: ${problem}`)
  const { forMs } = options
  const layer: Layer = { directives, temporary: forMs !== undefined, epoch: ++live.epoch }
  change(bounded([...live.layers, layer]))
  const undo = () => {
    if (live.layers.includes(layer)) change(live.layers.filter((other) => other !== layer))
  }
  if (forMs !== undefined) setTimeout(undo, Math.min(Math.max(forMs, 0), LONGEST_TIMER)).unref()
  return { problems, undo }
}

/** A program that sets levels for ever must not grow: of lasting directives with one selector, the last one is kept. */
function bounded(layers: readonly Layer[]): readonly Layer[] {
  if (layers.length <= MOST_LAYERS) return layers
  const lasting = layers.filter(({ temporary }) => !temporary)
  const isLast = (directive: Directive, { epoch }: Layer) =>
    !lasting.some((later) => later.epoch > epoch && later.directives.some((one) => isSameSelector(one, directive)))
  const kept = layers.filter((layer) => layer.temporary || layer.directives.some((one) => isLast(one, layer)))
  return kept.slice(-MOST_LAYERS)
}

function isSameSelector(a: Directive, b: Directive): boolean {
  return a.module === b.module && a.beneath === b.beneath && JSON.stringify(a.fields) === JSON.stringify(b.fields)
}
