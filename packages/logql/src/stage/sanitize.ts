/** The names of keys met before. Lines have the same keys again and again. */
const known = new Map<string, string>()

/** Turns a field's key into a label's name: what is no letter, digit or underscore becomes an underscore. */
export function sanitizeKey(key: string): string {
  let name = known.get(key)
  if (name === undefined) {
    name = sanitize(key)
    // Keys of a hostile log have no end.
    if (known.size >= 1000) known.clear()
    known.set(key, name)
  }
  return name
}

function sanitize(key: string): string {
  const trimmed = key.trim()
  return /^\d/.test(trimmed) ? `_${replaceOthers(trimmed)}` : replaceOthers(trimmed)
}

/** As {@link sanitizeKey}, for the keys on the way to a nested field, which underscores join. */
export function sanitizePath(path: readonly string[]): string {
  let name = ''
  for (const part of path) {
    const key = part.trim()
    if (key === '') continue
    if (name !== '') name += '_'
    else if (/^\d/.test(key)) name += '_'
    name += replaceOthers(key)
  }
  return name
}

function replaceOthers(key: string): string {
  return key.replace(/[^A-Za-z0-9_]/gu, '_')
}
