/** A line as the logger makes it, with its number. */
export function numberedLine(n: number, fields: Readonly<Record<string, unknown>> = {}): string {
  const head = { timestamp: new Date().toISOString(), level: 'INFO', service: 'conformance', message: 'line' }
  return `${JSON.stringify({ ...head, n, ...fields })}\n`
}

/** A line that arrived, parsed. @throws what it looks like, when it is not one line that was written. */
export function parsed(text: string): { readonly n: number; readonly text?: string } {
  try {
    const record = JSON.parse(text) as { readonly n: number }
    if (typeof record.n === 'number') return record
  } catch {
    // Said below: the parser's words are about a character, not about a destination.
  }
  const start = JSON.stringify(text.slice(0, 60))
  throw new Error(`a line arrived torn or joined, ${text.length} characters that begin with ${start}`)
}

/** Throws what is wrong where of so many numbered lines not each arrived, once, whole and in order. */
export function expectArrived(lines: readonly string[], count: number, keepsOrder: boolean): void {
  const found = lines.map((text) => parsed(text).n)
  const times = new Map<number, number>()
  for (const n of found) times.set(n, (times.get(n) ?? 0) + 1)
  const missing = Array.from({ length: count }, (_, n) => n).filter((n) => !times.has(n))
  const repeated = [...times].filter(([, count]) => count > 1).map(([n]) => n)
  const late = keepsOrder ? found.filter((n, i) => i > 0 && n < (found[i - 1] as number)) : []
  const faults = [listed('missing', missing), listed('repeated', repeated), listed('after a later one', late)]
  const said = faults.filter((fault) => fault !== undefined)
  if (said.length > 0) throw new Error(`of ${count} lines, ${times.size} arrived; ${said.join('; ')}`)
}

function listed(what: string, numbers: readonly number[]): string | undefined {
  if (numbers.length === 0) return undefined
  const rest = numbers.length > 5 ? ` and ${numbers.length - 5} more` : ''
  return `${what}: ${numbers.slice(0, 5).join(', ')}${rest}`
}
