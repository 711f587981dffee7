import type { CompiledFormat } from '../format/compiled-format.js'
import { setField } from './field.js'
import { UNCUT } from './field-names.js'
import { stringify } from './string.js'

/** A cut string keeps at least this many bytes, so that one can tell what it was. */
const LEAST_KEPT = 32
/** More paths than this are not listed; the last entry then says how many there are. */
const MOST_PATHS = 20
/** A path is listed by its start. */
const LONGEST_PATH = 100
/** What `truncated` itself may take of the line, as a part of the whole. */
const SHARE_OF_PATHS = 1 / 8
/** An id may have so many characters (see the request id's rule), and is never cut while it has no more. */
const LONGEST_ID = 128
/** A time and a UUID are shorter as JSON. */
const LEAST_ID_BYTES = 40
const CUT = '…'
const DROPPED = '[truncated]'

/** What a line may take, and what its own fields are called. */
interface Budget {
  /** What the line may take at most, without its closing brace and what comes after the budget is measured. */
  readonly maxBytes: number
  /** Names of fields that are cut last of all (times, levels, ids). */
  readonly uncut: ReadonlySet<string>
  readonly messageName: string
  readonly truncatedName: string
  /** The object that holds the fields, when they are not the line's own. */
  readonly within: string | undefined
}

type Owner = Record<string, unknown>

/** A field of the line, or of the object that holds its fields. */
interface Field {
  readonly owner: Owner
  readonly name: string
}

interface Leaf {
  readonly path: string
  readonly bytes: number
  readonly text: string
  cut(to: string): void
}

/**
 * Makes a line fit its budget: the largest strings are cut, all to the same length, and where that is not enough the
 * largest fields go; `truncated` lists the paths. It works on the finished line, which is redacted already, so that a cut
 * cannot uncover anything; lines this long are rare enough to be parsed again.
 *
 * @param line A complete JSON object, without newline.
 * @param already Something was left out while the line was made, so that `truncated` stands on it in any case.
 */
function fit(line: string, budget: Budget, already: boolean): string {
  const { maxBytes, uncut, messageName, truncatedName, within } = budget
  const record = JSON.parse(line) as Owner
  const inner = within === undefined ? record : (record[within] as Owner)
  const paths = new Set<string>(already ? ['*'] : [])
  const room = maxBytes - Math.ceil(maxBytes * SHARE_OF_PATHS)
  const owners = inner === record ? [record] : [record, inner]
  const fields = owners.flatMap((owner) => Object.keys(owner).map((name) => ({ owner, name })))
  const isKept = ({ owner, name }: Field) => name === within || (uncut.has(name) && isId(owner[name]))
  const cuttable = fields.filter((field) => !isKept(field))
  let over = jsonBytes(record) - (already ? room : maxBytes)
  if (over > 0) {
    shorten(cuttable.flatMap(leavesOf), jsonBytes(record) - room, paths)
    over = jsonBytes(record) - room
  }
  const [messages, others] = [true, false].map((is) => cuttable.filter(({ name }) => (name === messageName) === is))
  if (over > 0) over = drop(others ?? [], over, paths)
  if (over > 0) shortenIds([...(messages ?? []), ...fields.filter(isKept)], over, paths)
  if (paths.size > 0) setField(inner, truncatedName, listed(paths, maxBytes))
  return written(record, within)
}

/** A line begins with its time, and an object puts keys that are numbers first. */
function written(record: Owner, within: string | undefined): string {
  const keys = Object.keys(record)
  const named = keys.filter((key) => !/^\d+$/.test(key))
  if (named.length === keys.length) return stringify(record)
  const ordered = [
    ...named.filter((key) => key !== within),
    ...keys.filter((key) => /^\d+$/.test(key) || key === within),
  ]
  return `{${ordered.map((key) => `${stringify(key)}:${stringify(record[key])}`).join(',')}}`
}

/** As many paths as have room, and how many more there are. */
function listed(paths: ReadonlySet<string>, maxBytes: number): string[] {
  const list: string[] = []
  // The field's own name, its brackets and the last entry.
  let room = maxBytes * SHARE_OF_PATHS - 50
  for (const path of paths) {
    room -= jsonBytes(path) + 1
    if (list.length === MOST_PATHS || room < 0) return [...list, `and ${paths.size - list.length} more`]
    list.push(path)
  }
  return list
}

function note(paths: Set<string>, path: string): void {
  paths.add(path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}${CUT}` : path)
}

function isId(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= LONGEST_ID : typeof value !== 'object' || value === null
}

/** Cuts the longest strings to one common length that brings the line under its budget, or to the least where none does. */
function shorten(leaves: Leaf[], over: number, paths: Set<string>): void {
  leaves.sort((a, b) => b.bytes - a.bytes)
  let cap = LEAST_KEPT
  let longer = 0
  for (const [i, { bytes }] of leaves.entries()) {
    longer += bytes
    const next = leaves[i + 1]?.bytes ?? LEAST_KEPT
    if (longer - (i + 1) * next >= over) {
      cap = Math.floor((longer - over) / (i + 1))
      break
    }
  }
  for (const leaf of leaves) {
    if (leaf.bytes <= cap) break
    leaf.cut(cutTo(leaf.text, cap))
    note(paths, leaf.path)
  }
}

/** Puts a mark in place of the largest fields, then takes fields away; returns by how much the line is still too long. */
function drop(fields: readonly Field[], over: number, paths: Set<string>): number {
  let left = over
  const sized = fields.map(({ owner, name }) => ({ owner, name, bytes: jsonBytes(owner[name]) }))
  sized.sort((a, b) => b.bytes - a.bytes)
  const markBytes = jsonBytes(DROPPED)
  for (const { owner, name, bytes } of sized) {
    if (left <= 0 || bytes <= markBytes) break
    setField(owner, name, DROPPED)
    note(paths, name)
    left -= bytes - markBytes
  }
  for (const { owner, name, bytes } of sized) {
    if (left <= 0) break
    delete owner[name]
    note(paths, name)
    left -= jsonBytes(name) + Math.min(bytes, markBytes) + 2
  }
  return left
}

/** The last resort: the message, then the ids are cut, but for what any sound id or time is short enough for. */
function shortenIds(fields: readonly Field[], over: number, paths: Set<string>): void {
  let left = over
  for (const { owner, name } of fields) {
    const value = owner[name]
    if (left <= 0 || typeof value !== 'string' || jsonBytes(value) <= LEAST_ID_BYTES) continue
    const cut = cutTo(value, LEAST_ID_BYTES)
    left -= jsonBytes(value) - jsonBytes(cut)
    owner[name] = cut
    note(paths, name)
  }
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
  return Buffer.byteLength(stringify(value))
}

/** The strings of a field that can be cut, at any depth. */
function leavesOf(field: Field): Leaf[] {
  return leavesAt(field.owner, field.name, field.name)
}

function leavesAt(owner: Owner, key: string, path: string): Leaf[] {
  const value = owner[key]
  if (typeof value === 'string') {
    const bytes = jsonBytes(value)
    return bytes <= LEAST_KEPT ? [] : [{ path, bytes, text: value, cut: (to) => setField(owner, key, to) }]
  }
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.keys(value).flatMap((inner) =>
    leavesAt(value as Owner, inner, isList ? `${path}[${inner}]` : `${path}.${inner}`),
  )
}

/** Room for `,"sample_rate":…`, `,"boot_id":"…","seq":…}` and the newline, which are added after a line was measured. */
const TAIL_BYTES = 96

/** Truncates the lines of a root logger. */
export class Truncation {
  /** A line of up to this many UTF-16 units fits whatever they are: each takes at most three bytes. */
  safeLength: number
  private budget: Budget
  /** What is added to a line after it was measured. */
  private readonly tailBytes: number

  constructor(
    private readonly format: CompiledFormat,
    maxLineBytes: number,
    private readonly onTruncated: () => void,
  ) {
    const name = (ours: string) => format.name(ours)
    this.tailBytes = TAIL_BYTES + name('boot_id').length + name('seq').length - 'boot_idseq'.length
    const maxBytes = maxLineBytes - this.tailBytes
    this.safeLength = safeLengthOf(maxBytes)
    this.budget = {
      maxBytes,
      uncut: new Set([...UNCUT.map(name), ...format.ownNames]),
      messageName: name('message'),
      truncatedName: name('truncated'),
      within: format.within,
    }
  }

  /** Sets another bound for every later line. */
  limit(maxLineBytes: number): void {
    const maxBytes = maxLineBytes - this.tailBytes
    this.safeLength = safeLengthOf(maxBytes)
    this.budget = { ...this.budget, maxBytes }
  }

  /**
   * A line, truncated where it is too long.
   *
   * @param isEnded Whether the line has its end.
   * @param overflowed Something was left out of it already.
   */
  fitted(line: string, isEnded: boolean, overflowed: boolean): string {
    const end = isEnded ? this.format.end : ''
    if (!overflowed && Buffer.byteLength(line) - end.length <= this.budget.maxBytes) return line
    this.onTruncated()
    const braces = this.format.end.trimEnd()
    const unended = line.slice(0, line.length - end.length)
    return fit(unended + braces, this.budget, overflowed).slice(0, -braces.length) + end
  }
}

function safeLengthOf(maxBytes: number): number {
  return Math.floor(maxBytes / 3)
}
