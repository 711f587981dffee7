/** The names that stand twice in one object of a JSON text, which `JSON.parse` would not tell. */
export function repeatedNames(json: string): string[] {
  const seen: string[][] = []
  const found: string[] = []
  // Strings first, so that braces within them count for nothing.
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}]/g)) {
    if (token === '{') seen.push([])
    else if (token === '}') seen.pop()
    else if (token.endsWith(':')) {
      const names = seen.at(-1)
      if (names?.includes(token) === true) found.push(token)
      names?.push(token)
    }
  }
  return found
}
