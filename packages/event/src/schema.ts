import type { Classification } from 'throughline/internal'
import { type FieldNode, type ListShape, NOTHING, type Node, type ObjectShape, Scalar } from './node.js'
import { type JsonObject, Place } from './place.js'

/** As deep as values are followed on a line; what is deeper would only ever be a marker. */
const DEEPEST = 10

/** Say nothing about which values are written, or say it for a validator only. */
const UNSUPPORTED = {
  patternProperties: 'names that only a pattern lists',
  if: 'a shape that depends on a condition',
  not: 'everything but a shape',
  dependentSchemas: 'a shape that depends on a field',
  dependencies: 'a shape that depends on a field',
  unevaluatedProperties: 'a shape for names that nobody lists',
  unevaluatedItems: 'a shape for items that nobody lists',
  $dynamicRef: 'a reference that is resolved at run time',
  $recursiveRef: 'a reference that is resolved at run time',
} as const

const CLASSIFICATIONS = ['hash', 'mask', 'redact'] as const

/** From the least to the most that is hidden: where two say something, the stronger counts. */
const STRENGTH = ['mask', 'hash', 'redact']

/**
 * Reads a JSON Schema (draft 6 to 2020-12, as TypeBox and zod write it) as the list of what may be written.
 *
 * @throws TypeError naming the place of what it cannot honour.
 */
export function readSchema(schema: unknown): ObjectShape {
  const root = new Place(schema)
  if ('_zod' in root.schema) throw root.refused('is a schema of zod itself', 'what z.toJSONSchema(schema) makes of it')
  const node = read(root, [])
  if (node.object === undefined || node.scalars !== 0 || node.list !== undefined) {
    throw root.refused('is no object', 'an event has named fields: { "type": "object", "properties": { … } }')
  }
  if (node.classification !== undefined) throw root.refused('has "x-log"', 'classify its fields')
  const shapes = [node.object, ...(node.object.variants?.shapes.values() ?? [])]
  if (shapes.some(({ fields }) => fields.some(({ key }) => key === 'event'))) {
    throw root.refused('lists a field "event", where the event\'s name stands', 'another name')
  }
  return node.object
}

/** @param around The schemas that this one stands in, outermost first, through references too. */
function read(place: Place, around: readonly JsonObject[]): Node {
  const { schema } = place
  if (around.includes(schema)) throw place.refused('refers to itself', 'a shape of finite depth')
  if (around.length > 200) throw place.refused('is nested too deeply', 'fewer levels')
  const inner = [...around, schema]
  check(place)
  const parts: Node[] = []
  if (typeof schema.$ref === 'string') parts.push(read(place.resolve(schema.$ref), inner))
  for (const part of place.list('allOf')) parts.push(read(part, inner))
  for (const union of ['anyOf', 'oneOf']) {
    const branches = place.list(union).map((branch) => read(branch, inner))
    if (branches.length > 0) parts.push(anyOf(place, branches))
  }
  const own = ownNode(place, inner)
  if (own !== undefined) parts.push(own)
  if (parts.length === 0)
    throw place.refused('does not say what it holds, so that anything could be written', 'a "type"')
  const node = allOf(place, parts)
  return withClassification(place, schema.nullable === true ? { ...node, scalars: node.scalars | Scalar.null } : node)
}

function check(place: Place): void {
  for (const [keyword, meaning] of Object.entries(UNSUPPORTED)) {
    if (saysNothing(keyword, place.schema[keyword])) continue
    throw place.refused(`has "${keyword}" (${meaning})`, 'fields that are listed under "properties"')
  }
  for (const key of Object.keys(place.schema)) {
    if (/^x[-_]?log$/i.test(key) && key !== 'x-log') throw place.refused(`has "${key}"`, '"x-log"')
  }
}

/** Whether a keyword leaves what may be written as the rest of the schema says. */
function saysNothing(keyword: string, value: unknown): boolean {
  switch (keyword) {
    case 'patternProperties':
      return value === undefined || Object.keys(value as object).length === 0
    case 'dependencies':
      // Lists of names only say what has to be there too.
      return Object.values(value ?? {}).every((one) => Array.isArray(one))
    case 'unevaluatedProperties':
    case 'unevaluatedItems':
      return typeof value !== 'object' || value === null || Object.keys(value).length === 0
    default:
      return value === undefined
  }
}

/** What the schema's own `type`, `const` and `enum` say; `undefined` when it has none of them. */
function ownNode(place: Place, around: readonly JsonObject[]): Node | undefined {
  const { schema } = place
  const given = schema.type ?? typeOfShape(schema)
  const types = Array.isArray(given) ? given : given === undefined ? typesOf(place) : [given]
  if (types.length === 0) return undefined
  let node: Node = { ...NOTHING, constants: constantsOf(schema) }
  for (const type of types) {
    if (typeof type === 'string' && Object.hasOwn(Scalar, type)) {
      node = { ...node, scalars: node.scalars | Scalar[type as keyof typeof Scalar] }
    } else if (type === 'object') node = { ...node, object: objectShape(place, around) }
    else if (type === 'array') node = { ...node, list: listShape(place, around) }
    // TypeBox's Type.Date(): written as text.
    else if (type === 'Date') node = { ...node, scalars: node.scalars | Scalar.string }
    else
      throw place.refused(`has type ${JSON.stringify(type)}`, 'string, number, integer, boolean, null, object, array')
  }
  return node
}

function typeOfShape(schema: JsonObject): string | undefined {
  if (schema.properties !== undefined) return 'object'
  return schema.items !== undefined || schema.prefixItems !== undefined ? 'array' : undefined
}

function constantsOf(schema: JsonObject): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const]
  return Array.isArray(schema.enum) ? schema.enum : undefined
}

/** The types of a `const` or an `enum`. */
function typesOf(place: Place): readonly string[] {
  return (constantsOf(place.schema) ?? []).map((value) => {
    if (value === null) return 'null'
    const type = typeof value
    if (type === 'string' || type === 'number' || type === 'boolean') return type
    throw place.refused('has a constant that is no scalar', 'texts, numbers, booleans, null')
  })
}

function objectShape(place: Place, around: readonly JsonObject[]): ObjectShape {
  const { schema } = place
  const more = schema.additionalProperties
  // `{}`, `true` and `false` are all honoured by leaving out what is not listed; a shape of its own would promise more.
  if (typeof more === 'object' && more !== null && Object.keys(more).length > 0) {
    throw place.refused(
      'has "additionalProperties" with a shape, whose names nobody lists',
      'fields under "properties"',
    )
  }
  if (schema.properties === undefined) {
    // A part of a union or an intersection that only says `"type": "object"`.
    if (['allOf', 'anyOf', 'oneOf', '$ref'].some((keyword) => schema[keyword] !== undefined)) return { fields: [] }
    throw place.refused('lists no fields, so that it could only ever be empty', '"properties"')
  }
  if (place.depth >= DEEPEST) throw place.refused(`is more than ${DEEPEST} levels deep`, 'a flatter shape')
  const required = Array.isArray(schema.required) ? schema.required : []
  const fields = place.entries('properties').map(([key, field]): FieldNode => {
    if (key === '__proto__') throw field.refused('has a name that JavaScript keeps for itself', 'another name')
    return { key, node: read(field, around), isRequired: required.includes(key) }
  })
  return { fields }
}

function listShape(place: Place, around: readonly JsonObject[]): ListShape {
  const { schema } = place
  const tuple = Array.isArray(schema.items) ? 'items' : 'prefixItems'
  const first = place.list(tuple).map((item) => read(item, around))
  const rest = tuple === 'items' ? 'additionalItems' : 'items'
  const others = schema[rest]
  if (typeof others === 'object' && others !== null) return { first, rest: read(place.at(rest), around) }
  if (first.length === 0) throw place.refused('does not say what its items are', '"items" or "prefixItems"')
  return { first, rest: undefined }
}

/** A place that takes what any of its branches takes (`anyOf`, `oneOf`). */
function anyOf(place: Place, branches: readonly Node[]): Node {
  const lists = branches.flatMap(({ list }) => (list === undefined ? [] : [list]))
  if (lists.length > 1) throw place.refused('takes lists of several shapes, which cannot be told apart', 'one shape')
  const objects = branches.flatMap(({ object }) => (object === undefined ? [] : [object]))
  return {
    scalars: branches.reduce((all, { scalars }) => all | scalars, 0),
    list: lists[0],
    object: objects.length > 1 ? toldApart(place, objects) : objects[0],
    classification: strongest(branches),
    constants: branches.every(({ constants }) => constants !== undefined)
      ? branches.flatMap(({ constants }) => constants ?? [])
      : undefined,
  }
}

/** Objects of several shapes, of which each has constants of its own under one field that all have. */
function toldApart(place: Place, objects: readonly ObjectShape[]): ObjectShape {
  const constants = (shape: ObjectShape, key: string) => shape.fields.find((field) => field.key === key)?.node.constants
  for (const { key } of objects[0]?.fields ?? []) {
    const shapes = new Map(
      objects.flatMap((shape) => (constants(shape, key) ?? []).map((value) => [value, shape] as const)),
    )
    const count = objects.reduce((sum, shape) => sum + (constants(shape, key)?.length ?? Number.NaN), 0)
    if (shapes.size === count) return { fields: [], variants: { key, shapes } }
  }
  throw place.refused(
    'takes objects of several shapes, which no field with a "const" of its own tells apart',
    'such a field',
  )
}

/** A place that several parts of a schema describe together (`allOf`, a reference with more beside it). */
function allOf(place: Place, parts: readonly Node[]): Node {
  const lists = parts.flatMap(({ list }) => (list === undefined ? [] : [list]))
  if (lists.length > 1) throw place.refused('describes a list twice', 'one description')
  const objects = parts.flatMap(({ object }) => (object === undefined ? [] : [object]))
  const limits = parts.map(({ scalars }) => scalars).filter((scalars) => scalars !== 0)
  return {
    scalars: limits.length === 0 ? 0 : limits.reduce((all, scalars) => all & scalars),
    list: lists[0],
    object: objects.length > 1 ? together(place, objects) : objects[0],
    classification: strongest(parts),
    constants: parts.find(({ constants }) => constants !== undefined)?.constants,
  }
}

function together(place: Place, objects: readonly ObjectShape[]): ObjectShape {
  const variants = objects.flatMap((shape) => shape.variants ?? [])
  if (variants.length > 1) throw place.refused('combines several choices of shapes', 'one choice')
  const fields = new Map<string, FieldNode>()
  for (const field of objects.flatMap((shape) => shape.fields)) {
    const other = fields.get(field.key)
    const isRequired = field.isRequired || other?.isRequired === true
    const node = other === undefined ? field.node : allOf(place, [other.node, field.node])
    fields.set(field.key, { key: field.key, node, isRequired })
  }
  return { fields: [...fields.values()], ...(variants[0] === undefined ? {} : { variants: variants[0] }) }
}

function strongest(nodes: readonly Node[]): Classification | undefined {
  const given = nodes.flatMap(({ classification }) => classification ?? [])
  return given.sort((a, b) => STRENGTH.indexOf(b) - STRENGTH.indexOf(a))[0]
}

/** The node with what the schema itself says of it under `x-log`. */
function withClassification(place: Place, node: Node): Node {
  const own = place.schema['x-log']
  if (own === undefined) return node
  if (!isClassification(own)) throw place.refused(`has "x-log": ${JSON.stringify(own)}`, CLASSIFICATIONS.join(', '))
  const classification = strongest([node, { ...node, classification: own }])
  if (own !== 'redact' && (node.object !== undefined || node.list !== undefined)) {
    throw place.refused(`has "x-log": "${own}" and is no scalar`, '"redact" here, or "x-log" at its parts')
  }
  return { ...node, classification }
}

function isClassification(value: unknown): value is Classification {
  return (CLASSIFICATIONS as readonly unknown[]).includes(value)
}
