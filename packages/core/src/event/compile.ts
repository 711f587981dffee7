import build from 'fast-json-stringify'
import type { EventHost, EventWriter } from '../encode/event-host.js'
import { KeyFlag } from '../encode/key-table.js'
import { numberText } from '../encode/number.js'
import type { LogRecord } from '../encode/record.js'
import { flatten, isPlainText, quote } from '../encode/string.js'
import { hasQuery } from '../encode/value.js'
import { Kind, kindOf } from './kind.js'
import type { FieldNode, Node, ObjectShape } from './node.js'
import { Projection } from './project.js'
import { type Reader, type ReadField, readerOf } from './reader.js'
import { serializerSchema } from './serializer-schema.js'

type Fields = Record<string, unknown>

/** A longer text goes the walk's way, which bounds it before it looks for secrets in it. */
const LONGEST_TEXT = 1024
/** More items than this go the walk's way, which counts them. */
const MOST_ITEMS = 100

const NO_FIELDS = {}

/** A field that nothing but its schema has a say in. */
interface Slot extends ReadField {
  readonly node: Node
  /** How fast-json-stringify writes the field's objects or lists; `undefined` where the walk does. */
  readonly serialize: ((value: unknown) => string) | undefined
}

/**
 * One event for one root logger. Keys and order are known, so that what is left to do for a field is to look at its type and
 * to write its value; objects and lists are written by serializers that fast-json-stringify has compiled. Fields that
 * something else has a say in (secret by their name, on a redaction path, reserved, bound by some logger or context) are
 * copied by the schema and go the way of every call's fields. Where code must not be generated, objects and lists do too.
 */
export class CompiledEvent implements EventWriter {
  private slots: readonly Slot[] = []
  private read: Reader = () => []
  /** The fields that take the usual way. */
  private rest: ObjectShape | undefined
  /** `,"event":"…`, without its closing quote; empty when the name takes the usual way. */
  private start = ''
  /** The same behind a text that lacks its closing quote. */
  private startBehindText = ''
  private plannedAt = -1

  constructor(
    private readonly name: string,
    private readonly shape: ObjectShape,
    private readonly host: EventHost,
  ) {}

  write(record: LogRecord, fields: unknown, opened: boolean): string {
    const { host } = this
    if (this.plannedAt !== host.keys.boundNames) this.plan()
    const { slots } = this
    const source = (typeof fields === 'object' && fields !== null ? fields : NO_FIELDS) as Fields
    const plain = host.redactor?.detect === undefined
    // Whether the text last written lacks its closing quote, as in the walk: the next key brings it.
    let isOpen = opened || this.start !== ''
    let text = opened ? this.startBehindText : this.start
    const values = this.read(source, text)
    const isWritten = typeof values === 'string'
    if (isWritten && this.rest === undefined) return values
    let projection: Projection | undefined
    for (let i = 0; !isWritten && i < slots.length; i++) {
      const slot = slots[i] as Slot
      const { kind, info } = slot
      const value: unknown = values[i]
      if (kind === Kind.text && typeof value === 'string') {
        if (plain && isPlainText(value) && !(info.flags === KeyFlag.query && hasQuery(value))) {
          text += (isOpen ? info.closingText : info.topText) + value
          isOpen = true
          continue
        }
        text += (isOpen ? info.closing : info.top) + host.text(value, info)
      } else if (kind === Kind.number && typeof value === 'number' && value - value === 0) {
        text += (isOpen ? info.closing : info.top) + numberText(value)
      } else if (kind === Kind.boolean && typeof value === 'boolean') {
        text += (isOpen ? info.closing : info.top) + value
      } else {
        if (value === undefined) continue
        projection ??= new Projection(host)
        const other = this.other(projection, slot, value)
        if (other === undefined) continue
        text += (isOpen ? info.closing : info.top) + other
      }
      isOpen = false
    }
    const written = isWritten ? values : isOpen ? `${text}"` : text
    if (this.rest === undefined && projection === undefined) return written
    return written + this.others(projection ?? new Projection(host), record, fields)
  }

  /** A value that is no scalar of its field's one type. */
  private other(projection: Projection, { key, node, serialize }: Slot, value: unknown): string | undefined {
    const { host } = this
    const before = projection.mismatches.length
    const copy = projection.field(key, node, value)
    const isAsListed = serialize !== undefined && projection.mismatches.length === before
    if (!isAsListed || typeof copy !== 'object' || copy === null) return host.value(copy)
    return isSimple(copy, { left: MOST_ITEMS }) ? serialize(detected(copy, host.redactor?.detect)) : host.value(copy)
  }

  /** The fields that take the usual way, and what is to be said of all. */
  private others(projection: Projection, record: LogRecord, fields: unknown): string {
    const { host, rest } = this
    const others: Fields = this.start === '' ? { event: this.name } : {}
    if (rest !== undefined) Object.assign(others, projection.fields(rest, fields))
    const { mismatches, concealed } = projection
    if (mismatches.length > 0) others.event_mismatch = mismatches
    for (const classification of concealed) host.concealed(classification)
    return host.walk(record, others)
  }

  /** Decides who writes which field; again whenever a logger or a context has bound a name that was not bound before. */
  private plan(): void {
    const { host, shape } = this
    this.plannedAt = host.keys.boundNames
    const slots: Slot[] = []
    const rest: FieldNode[] = []
    for (const field of shape.fields) {
      const { key, node } = field
      const info = host.keys.get(key)
      const kind = kindOf(node)
      // Of what may have a query, the loop below knows texts alone.
      const isOwn = info.flags === 0 || (info.flags === KeyFlag.query && kind === Kind.text)
      if (isOwn && !isGivenName(key)) slots.push({ key, node, kind, info, serialize: serializerOf(node, host) })
      else rest.push(field)
    }
    const event = host.keys.get('event')
    const name = quote(this.name).slice(1, -1)
    const isPlaced = event.flags === 0
    this.start = isPlaced ? flatten(event.topText + name) : ''
    this.startBehindText = isPlaced ? flatten(event.closingText + name) : ''
    this.slots = slots
    this.read = readerOf(slots, isPlaced && host.redactor?.detect === undefined)
    const { variants } = shape
    const isWhole = rest.length === 0 && variants === undefined && this.start !== ''
    this.rest = isWhole ? undefined : { fields: rest, ...(variants === undefined ? {} : { variants }) }
  }
}

/** Names that the line gives to fields whose own are taken, and to what it says of the event. */
function isGivenName(key: string): boolean {
  return key.startsWith('field_') || key === 'event_mismatch'
}

/** The serializer of a field's objects or lists, where it has them and code may be generated. */
function serializerOf(node: Node, host: EventHost): Slot['serialize'] {
  if (node.object === undefined && node.list === undefined) return undefined
  const schema = serializerSchema(node, host)
  if (schema === undefined) return undefined
  try {
    return build(schema as Parameters<typeof build>[0])
  } catch {
    // `--disallow-code-generation-from-strings`, or a locked-down context.
    return undefined
  }
}

/** Whether a copy is one that a serializer writes as the walk would: no text too long or with separators, not too much of it. */
function isSimple(value: unknown, items: { left: number }): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT && !/[\u2028\u2029]/.test(value)
  if (typeof value === 'number') return value - value === 0
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  return Object.values(value).every((inner) => items.left-- > 0 && isSimple(inner, items))
}

/** A copy in which what a detector finds in the texts is censored. */
function detected(copy: object, detect: ((text: string) => string) | undefined): object {
  if (detect === undefined) return copy
  const values = copy as Fields
  for (const key of Object.keys(values)) {
    const inner = values[key]
    if (typeof inner === 'string') values[key] = detect(inner)
    else if (typeof inner === 'object' && inner !== null) detected(inner, detect)
  }
  return copy
}
