import { endOfString } from '../../record/json.js'
import type { Check, Examined } from '../check.js'
import type { Finding, Place } from '../finding.js'

const MOST_NAMES = 1000

/** Keys that stand twice in one object: stores differ in which one they keep, and some refuse the line. */
export class DuplicateKeys implements Check {
  private readonly names = new Map<string, { count: number; readonly place: Place }>()

  examine({ line, leaves }: Examined): void {
    if (isSurelyWithout(line.text, leaves.length)) return
    for (const name of duplicateKeys(line.text)) {
      const known = this.names.get(name)
      if (known !== undefined) known.count++
      else if (this.names.size < MOST_NAMES)
        this.names.set(name, { count: 1, place: { file: line.source.name, line: line.number } })
    }
  }

  findings(): readonly Finding[] {
    return [...this.names].map(([name, { count, place }]) => {
      return { check: 'duplicate-key', severity: 'problem', text: `${name} stands twice in one object`, count, place }
    })
  }
}

/**
 * Whether an object of so many fields has no key twice, without reading it: each key has its `":`, so that a flat line has as many of them as
 * fields. Anything else has to be read.
 */
function isSurelyWithout(json: string, fields: number): boolean {
  if (json.includes('" ') || json.includes('"\t')) return false
  let colons = 0
  for (let at = json.indexOf('":'); at !== -1; at = json.indexOf('":', at + 2)) colons++
  return colons === fields
}

/** The keys that stand twice in an object of a JSON text, which is known to be valid: a parser keeps only the last. */
export function duplicateKeys(json: string): readonly string[] {
  const duplicates: string[] = []
  const objects: Set<string>[] = []
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '{') objects.push(new Set())
    else if (character === '}') objects.pop()
    else if (character === '"') {
      const end = endOfString(json, at)
      if (isColonNext(json, end + 1)) {
        const raw = json.slice(at + 1, end)
        const key = raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw
        const keys = objects.at(-1)
        if (keys?.has(key)) duplicates.push(key)
        else keys?.add(key)
      }
      at = end
    }
  }
  return duplicates
}

function isColonNext(json: string, from: number): boolean {
  let at = from
  while (json[at] === ' ' || json[at] === '\t' || json[at] === '\n' || json[at] === '\r') at++
  return json[at] === ':'
}
