const KEY = 'throughline-queries'

/** Queries that were kept, on this machine and in this browser. */
export function savedQueries(): readonly string[] {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(saved) ? saved.filter((each) => typeof each === 'string') : []
  } catch {
    return []
  }
}

/** Keeps a query, or forgets it where it is kept already. */
export function toggleSaved(query: string): readonly string[] {
  const saved = savedQueries()
  const next = saved.includes(query) ? saved.filter((each) => each !== query) : [query, ...saved].slice(0, 50)
  localStorage.setItem(KEY, JSON.stringify(next))
  return next
}
