import { type EventHost, KeyFlag } from 'throughline/internal'
import { type Node, Scalar } from './node.js'

/** What gives a key inside a value another way than the plain one. */
const WATCHED = KeyFlag.secret | KeyFlag.toJson | KeyFlag.pairValue | KeyFlag.structured | KeyFlag.query

/**
 * The schema by which fast-json-stringify writes a value that is as its place says: only what the place takes, in the few
 * words that cannot fail. `undefined` for a place that redaction may change, or that takes several kinds of values.
 */
export function serializerSchema(node: Node, host: EventHost): object | undefined {
  const schema = shapeSchema(node, host)
  return schema === undefined || (node.scalars & Scalar.null) === 0 ? schema : { ...schema, nullable: true }
}

function shapeSchema(node: Node, host: EventHost): object | undefined {
  const { object, list, classification } = node
  const scalars = node.scalars & ~Scalar.null
  // What is hidden is text, whatever it was; `null` stays what it is.
  if (classification !== undefined) return { type: 'string' }
  if (object !== undefined) return scalars === 0 && list === undefined ? objectSchema(object, host) : undefined
  if (list !== undefined) {
    if (scalars !== 0 || list.first.length > 0 || list.rest === undefined) return undefined
    // A list of texts may be a raw list of headers, of which every second is a name.
    if (host.redactor !== undefined && (list.rest.scalars & Scalar.string) !== 0) return undefined
    const items = serializerSchema(list.rest, host)
    return items === undefined ? undefined : { type: 'array', items }
  }
  if (scalars === Scalar.string) return { type: 'string' }
  if (scalars === Scalar.boolean) return { type: 'boolean' }
  return scalars !== 0 && (scalars & ~(Scalar.number | Scalar.integer)) === 0 ? { type: 'number' } : undefined
}

function objectSchema(shape: NonNullable<Node['object']>, host: EventHost): object | undefined {
  if (shape.variants !== undefined) return undefined
  const properties: Record<string, object> = {}
  for (const { key, node } of shape.fields) {
    const info = host.keys.get(key)
    // The walk may show a key as another, and escapes what line readers break at.
    const isPlain = info.next === `,${JSON.stringify(key)}:` && (info.flags & WATCHED) === 0
    const schema = isPlain ? serializerSchema(node, host) : undefined
    if (schema === undefined) return undefined
    properties[key] = schema
  }
  return { type: 'object', properties }
}
