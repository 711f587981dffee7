export type JsonObject = Readonly<Record<string, unknown>>

/** A place in a schema, with the way there, for errors that say where. */
export class Place {
  readonly schema: JsonObject

  constructor(
    schema: unknown,
    private readonly root: JsonObject = schema as JsonObject,
    private readonly path: readonly string[] = [],
  ) {
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
      const given = schema === null ? 'null' : typeof schema === 'boolean' ? String(schema) : typeof schema
      this.schema = {}
      throw this.refused(`is ${given}, which lists nothing`, 'a JSON Schema')
    }
    this.schema = schema as JsonObject
  }

  /** How many objects are around this place. */
  get depth(): number {
    return this.path.filter((segment) => segment === 'properties').length
  }

  at(...keys: readonly string[]): Place {
    let value: unknown = this.schema
    for (const key of keys) value = (value as JsonObject)[key]
    return new Place(value, this.root, [...this.path, ...keys])
  }

  /** The schemas of a keyword that has a list of them; none when it is absent. */
  list(keyword: string): readonly Place[] {
    const value = this.schema[keyword]
    return Array.isArray(value) ? value.map((_, i) => this.at(keyword, String(i))) : []
  }

  /** The schemas of a keyword that has them by name. */
  entries(keyword: string): readonly (readonly [string, Place])[] {
    const value = this.schema[keyword]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.refused(`has no object under "${keyword}"`, 'schemas by name')
    }
    return Object.keys(value).map((key) => [key, this.at(keyword, key)] as const)
  }

  /** Where a reference within the same schema leads. */
  resolve(ref: string): Place {
    if (ref !== '#' && !ref.startsWith('#/')) {
      throw this.refused(`refers to ${JSON.stringify(ref)}`, 'references within the schema, such as "#/$defs/address"')
    }
    let value: unknown = this.root
    for (const part of ref.split('/').slice(1)) {
      const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
      const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      if (!isThere) throw this.refused(`refers to ${JSON.stringify(ref)}, which is not there`, 'a place in the schema')
      value = (value as JsonObject)[key]
    }
    return new Place(value, this.root, this.path)
  }

  refused(what: string, accepted: string): TypeError {
    const where = this.path.length === 0 ? 'the schema' : `/${this.path.join('/')}`
    return new TypeError(`defineEvent: ${where} ${what}; accepted: ${accepted}`)
  }
}
