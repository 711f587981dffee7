/** Turns a field's key into a label's name: what is no letter, digit or underscore becomes an underscore. */
export function sanitizeKey(key: string): string {
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
