/** A line's fields. */
export type Fields = Readonly<Record<string, unknown>>

/** The fields of a line; none when it is no JSON object. */
export function fieldsOf(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Fields) : {}
  } catch {
    return {}
  }
}

/**
 * The text of a field; `undefined` when it is not there, is empty, or is no text, number or boolean.
 *
 * @param path The field's name, dots included (`service.name`), or its way through objects (`resource.service.name`).
 */
export function textAt(fields: Fields, path: string): string | undefined {
  if (Object.hasOwn(fields, path)) return textOf(fields[path])
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot)
    const inner = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (typeof inner === 'object' && inner !== null) return textAt(inner as Fields, path.slice(dot + 1))
  }
  return undefined
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
