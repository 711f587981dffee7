import build from 'fast-json-stringify'
import {
  type Classification,
  type EventHost,
  type EventWriter,
  KeyFlag,
  type LogRecord,
  quote,
} from 'throughline/internal'
import { Kind, kindOf } from './kind.js'
import { type FieldNode, type Node, type ObjectShape, Scalar } from './node.js'
import { Projection } from './project.js'
import { compileReader, type Reader, type WrittenField } from './reader.js'
import { serializerSchema } from './serializer-schema.js'

type Fields = Record<string, unknown>

/** A longer text is left to the walk, which bounds it before it searches it for secrets. */
const LONGEST_TEXT = 1024
/** More items than this are left to the walk, which counts them. */
const MOST_ITEMS = 100

/** Writes the JSON of a field's objects or lists. */
type Serialize = (value: unknown) => string

/**
 * One event for one root logger. There are two ways to write its fields. Generated code writes those that nothing but their
 * schema is about: keys and order are known, and serializers of fast-json-stringify write objects and lists. The walk of
 * every call writes a copy of the others: secret by their names, on a redaction path, reserved, bound by some logger or
 * context. It also writes all fields of a call that are not what the schema lists, and all where code must not be generated.
 */
export class CompiledEvent implements EventWriter {
  private written: readonly WrittenField[] = []
  private read: Reader | undefined
  /** The same fields as the walk takes them, and the fields that only the walk writes. */
  private writtenShape: ObjectShape = { fields: [] }
  private rest: ObjectShape = { fields: [] }
  /** Whether generated code writes the event's name, too. */
  private isNamed = false
  /** `,"event":"…`, without its closing quote, and the same behind a text that lacks its own. */
  private start = ''
  private startBehindText = ''
  private plannedAt = -1
  /** The values that generated code has hidden in the present call, to be counted when it has written them. */
  private readonly concealed: Classification[] = []

  constructor(
    private readonly name: string,
    private readonly shape: ObjectShape,
    private readonly host: EventHost,
  ) {}

  write(record: LogRecord, fields: unknown, isOpen: boolean): string {
    const { host } = this
    if (this.plannedAt !== host.keys.boundNames) this.plan()
    const source = (typeof fields === 'object' && fields !== null ? fields : {}) as Fields
    const { isNamed, read, rest, written } = this
    if (read === undefined) return this.walked(record, source, true, isOpen)
    this.concealed.length = 0
    const start = isNamed ? (isOpen ? this.startBehindText : this.start) : isOpen ? '"' : ''
    const text = read(source, start, isNamed)
    if (typeof text === 'string') {
      for (const classification of this.concealed) host.concealed(classification)
      const isWhole = isNamed && rest.fields.length === 0 && rest.variants === undefined
      return isWhole ? text : text + this.walked(record, source, false, false)
    }
    // Each property is read once.
    const known = Object.fromEntries(written.map(({ key }, i) => [key, text[i]]))
    return this.walked(record, source, true, isOpen, known)
  }

  /**
   * Fields that are copied by the schema and written by the walk.
   *
   * @param isAll Whether generated code has written none of them.
   * @param known Values that were read already.
   */
  private walked(record: LogRecord, source: Fields, isAll: boolean, isOpen: boolean, known?: Fields): string {
    const { host, isNamed, name, rest, writtenShape } = this
    const projection = new Projection(host)
    const named = { event: name }
    const fields: Fields = {
      ...(isAll && isNamed ? named : {}),
      ...(isAll ? projection.fields(writtenShape, source, known) : {}),
      ...(isNamed ? {} : named),
      ...projection.fields(rest, source, known),
    }
    const { concealed, mismatches } = projection
    if (mismatches.length > 0) fields.event_mismatch = mismatches
    for (const classification of concealed) host.concealed(classification)
    return (isOpen ? '"' : '') + host.walk(record, fields)
  }

  /** Decides which way each field is written. Done again when a logger or a context has bound a name for the first time. */
  private plan(): void {
    const { host, shape } = this
    this.plannedAt = host.keys.boundNames
    const written: WrittenField[] = []
    const nodes: FieldNode[] = []
    const rest: FieldNode[] = []
    for (const field of shape.fields) {
      const { key, node } = field
      const info = host.keys.get(key)
      const kind = kindOf(node)
      // Of what may have a query, generated code writes texts alone.
      const isPlain = info.flags === 0 || (info.flags === KeyFlag.query && kind === Kind.text)
      if (!isPlain || isGivenName(key)) {
        rest.push(field)
        continue
      }
      const isNullable = (node.scalars & Scalar.null) !== 0
      written.push({ key, kind, info, isNullable, nested: this.nestedText(key, node) })
      nodes.push(field)
    }
    const event = host.keys.get('event')
    const name = quote(this.name).slice(1, -1)
    this.isNamed = event.flags === 0
    this.start = event.topText + name
    this.startBehindText = event.closingText + name
    this.written = written
    this.writtenShape = { fields: nodes }
    this.rest = { fields: rest, ...(shape.variants === undefined ? {} : { variants: shape.variants }) }
    this.read = compileReader(written, host)
  }

  /** Writes the values of a field that is more than a scalar; `undefined` where the value is not what the schema lists. */
  private nestedText(key: string, node: Node): (value: unknown) => string | undefined {
    const { host } = this
    const serialize = serializerOf(node, host)
    return (value) => {
      const projection = new Projection(host)
      const copy = projection.field(key, node, value)
      if (projection.mismatches.length > 0) return undefined
      this.concealed.push(...projection.concealed)
      const isObject = typeof copy === 'object' && copy !== null
      if (!isObject || serialize === undefined || !isSimple(copy, { left: MOST_ITEMS })) return host.value(copy)
      return serialize(detected(copy, host.redactor?.detect))
    }
  }
}

/** Names that a line gives to fields whose own names are taken, and to what it says about the event. */
function isGivenName(key: string): boolean {
  return key.startsWith('field_') || key === 'event_mismatch'
}

/** The serializer of a field's objects or lists, where it has them and code may be generated. */
function serializerOf(node: Node, host: EventHost): Serialize | undefined {
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

/** Whether a serializer writes a copy as the walk would: few items, no long text, no separators, no number that JSON lacks. */
function isSimple(value: unknown, items: { left: number }): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT && !/[\u2028\u2029]/.test(value)
  if (typeof value === 'number') return value - value === 0
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  return Object.values(value).every((inner) => items.left-- > 0 && isSimple(inner, items))
}

/** A copy with what a detector finds in its texts censored. */
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
