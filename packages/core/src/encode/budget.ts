/** A cut string keeps at least this many bytes, so that one can tell what it was. */
const LEAST_KEPT = 32
/** More paths than this are not listed; the last entry then says how many there are. */
const MOST_PATHS = 20
const CUT = '…'

interface Leaf {
  readonly path: string
  readonly bytes: number
  readonly text: string
  cut(to: string): void
}

export interface FitOptions {
  /** Names of fields that are never cut (times, levels, ids). */
  readonly kept: ReadonlySet<string>
  /** What the `truncated` field is called. */
  readonly truncatedName: string
  /** The object that holds the fields, when they are not the line's own. */
  readonly within?: string | undefined
}

/**
 * Makes a line fit its budget: the largest strings are cut, all to the same length, and where that is not enough the
 * largest fields go; `truncated` lists the paths. It works on the finished line, which is redacted already, so that a cut
 * cannot uncover anything; lines this long are rare enough to be parsed again.
 *
 * @param line A complete JSON object, without newline.
 * @param maxBytes What the result may take at most.
 * @param already Something was left out while the line was made, so that `truncated` stands on it in any case.
 */
export function fit(line: string, maxBytes: number, options: FitOptions, already: boolean): string {
  const { kept, within } = options
  const record = JSON.parse(line) as Record<string, unknown>
  const inner = within === undefined ? record : (record[within] as Record<string, unknown>)
  const owners = inner === record ? [record] : [record, inner]
  const isKept = (owner: unknown, name: string) => kept.has(name) || (owner === record && name === within)
  const paths: string[] = already ? ['*'] : []
  const excess = () => Buffer.byteLength(render(record, paths, options)) - maxBytes
  let over = excess()
  for (let round = 0; over > 0 && round < 4; round++) {
    const leaves = owners.flatMap((owner) => leavesOf(owner, '', (name) => isKept(owner, name)))
    if (!shorten(leaves, over, paths)) break
    over = excess()
  }
  const droppable = owners.flatMap((owner) => sizes(owner).filter(({ name }) => !isKept(owner, name)))
  droppable.sort((a, b) => b.bytes - a.bytes)
  for (const { owner, name } of droppable) {
    if (over <= 0) break
    owner[name] = '[truncated]'
    note(paths, name)
    over = excess()
  }
  for (const { owner, name } of droppable) {
    if (over <= 0) break
    delete owner[name]
    over = excess()
  }
  return render(record, paths, options)
}

function render(record: Record<string, unknown>, paths: readonly string[], options: FitOptions): string {
  const { truncatedName, within } = options
  const listed =
    paths.length <= MOST_PATHS ? paths : [...paths.slice(0, MOST_PATHS), `and ${paths.length - MOST_PATHS} more`]
  if (listed.length === 0) return JSON.stringify(record)
  if (within === undefined) return JSON.stringify({ ...record, [truncatedName]: listed })
  return JSON.stringify({ ...record, [within]: { ...(record[within] as object), [truncatedName]: listed } })
}

function note(paths: string[], path: string): void {
  const short = path.length > 100 ? `${path.slice(0, 100)}${CUT}` : path
  if (!paths.includes(short)) paths.push(short)
}

/** Cuts the longest strings to one common length that brings the line under its budget; false when there is nothing to cut. */
function shorten(leaves: Leaf[], over: number, paths: string[]): boolean {
  leaves.sort((a, b) => b.bytes - a.bytes)
  // The paths will be listed too, and each cut adds its mark.
  const needed = over + 64
  let cap = LEAST_KEPT
  let longer = 0
  for (const [i, { bytes }] of leaves.entries()) {
    longer += bytes
    const next = leaves[i + 1]?.bytes ?? LEAST_KEPT
    const wouldSave = longer - (i + 1) * Math.max(next, LEAST_KEPT)
    if (wouldSave >= needed + (i + 1) * 40) {
      cap = Math.max(LEAST_KEPT, Math.floor((longer - needed - (i + 1) * 40) / (i + 1)))
      break
    }
  }
  const cuttable = leaves.filter(({ bytes }) => bytes > cap)
  for (const leaf of cuttable) {
    leaf.cut(cutTo(leaf.text, cap))
    note(paths, leaf.path)
  }
  return cuttable.length > 0
}

/** The start of a text that takes at most so many bytes as JSON, the mark included. */
function cutTo(text: string, bytes: number): string {
  let kept = text.slice(0, bytes)
  let size = jsonBytes(kept + CUT)
  while (size > bytes && kept !== '') {
    kept = kept.slice(0, Math.min(kept.length - 1, Math.floor((kept.length * bytes) / size)))
    size = jsonBytes(kept + CUT)
  }
  // Half a surrogate pair is no character.
  return `${kept.replace(/[\ud800-\udbff]$/, '')}${CUT}`
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

function leavesOf(owner: Record<string, unknown> | unknown[], prefix: string, skip: (name: string) => boolean): Leaf[] {
  return Object.entries(owner).flatMap(([key, value]) => {
    if (skip(key)) return []
    const path = prefix === '' ? key : Array.isArray(owner) ? `${prefix}[${key}]` : `${prefix}.${key}`
    if (typeof value === 'string') {
      const bytes = jsonBytes(value)
      const cut = (to: string) => {
        ;(owner as Record<string, unknown>)[key] = to
      }
      return bytes <= LEAST_KEPT ? [] : [{ path, bytes, text: value, cut }]
    }
    if (typeof value !== 'object' || value === null) return []
    return leavesOf(value as Record<string, unknown>, path, () => false)
  })
}

/** An object's fields with what they take. */
function sizes(owner: Record<string, unknown>): { owner: Record<string, unknown>; name: string; bytes: number }[] {
  return Object.entries(owner).map(([name, value]) => ({ owner, name, bytes: jsonBytes(value) }))
}
