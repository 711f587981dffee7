import { readPage } from '../docs/markdown.js'

/** Every field that a line can have, by its reference. */
export function documentedFields(): ReadonlySet<string> {
  const fields = new Set<string>()
  for (const row of readPage('docs/reference/fields.md').split('\n')) {
    let last = ''
    for (const [, name = ''] of row.matchAll(/`([a-z_][a-z0-9_]*)`/g)) {
      // `duration_ms_sum` `_min` stands for duration_ms_min.
      const field = name.startsWith('_') ? last.replace(/_[a-z0-9]+$/, name) : name
      fields.add(field)
      last = field
    }
  }
  return fields
}

/** The messages of the lines that the logger and its adapters write themselves. */
export function documentedMessages(): readonly string[] {
  const page = readPage('docs/reference/fields.md')
  return [...page.matchAll(/(["`])([A-Z][a-z]+(?: [a-z]+)+)\1/g)].map(([, , message = '']) => message)
}
