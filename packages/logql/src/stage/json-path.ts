import {
  blockEnd,
  JsonError,
  type JsonValue,
  malformed,
  nextToken,
  readJson,
  stringEnd,
  unescapeJson,
} from './json-scan.js'

/** Called with the index of a path and its value, or with what was wrong. */
type Visit = (index: number, value: JsonValue | Error) => void

/**
 * Looks for several paths in one pass over a text, as `EachKey` of Loki's parser does. It does not check what it passes over,
 * takes the first of several equal keys, and gives up silently where a string or an array has no end.
 */
export function eachPath(text: string, paths: readonly (readonly string[])[], visit: Visit): void {
  new PathScan(text, paths, visit).run()
}

class PathScan {
  readonly #text: string
  readonly #paths: readonly (readonly string[])[]
  readonly #visit: Visit
  readonly #found: Set<number> = new Set()
  readonly #current: string[] = []
  readonly #longest: number
  #level = 0
  /** How often a path was met; a path through an array counts once for each of its visits, as it does in Loki. */
  #matched = 0

  constructor(text: string, paths: readonly (readonly string[])[], visit: Visit) {
    this.#text = text
    this.#paths = paths
    this.#visit = visit
    this.#longest = Math.max(...paths.map((path) => path.length))
  }

  run(): void {
    let at: number | undefined = 0
    while (at !== undefined && at < this.#text.length) {
      switch (this.#text[at]) {
        case '"':
          at = this.#string(at + 1)
          break
        case '{':
          this.#level++
          break
        case '}':
        case ']':
          this.#level--
          break
        case '[':
          at = this.#array(at)
          break
      }
      if (at !== undefined) at++
    }
  }

  get #complete(): boolean {
    return this.#matched === this.#paths.length
  }

  /** Returns the position of the last character that was consumed, or undefined at the end of the search. */
  #string(from: number): number | undefined {
    const text = this.#text
    const end = stringEnd(text, from)
    if (end === -1) return undefined
    let at = nextToken(text, end)
    if (at === -1) return undefined
    if (text[at] !== ':') return at - 1
    const key = unescapeJson(text.slice(from, end - 1))
    if (key === undefined) return undefined
    const matched = this.#key(key, at)
    if (matched === undefined) return undefined
    if (!matched) {
      at += Math.max(0, nextToken(text, at + 1) - (at + 1))
      if (text[at] === '{') at += blockEnd(text, at, '{', '}') - at + 1
    }
    const next = text[at]
    return next === '{' || next === '}' || next === '[' || next === '"' ? at - 1 : at
  }

  /** Reports whether a path ends at this key; undefined where the search ends. */
  #key(key: string, colon: number): boolean | undefined {
    const level = this.#level
    if (this.#longest < level) return false
    if (level < 1) {
      this.#visit(-1, new JsonError(malformed))
      return undefined
    }
    this.#current[level - 1] = key
    let matched = false
    for (const [index, path] of this.#paths.entries()) {
      if (path.length !== level || this.#found.has(index) || path[level - 1] !== key || !this.#isBelow(path, level))
        continue
      matched = true
      this.#matched++
      this.#found.add(index)
      this.#visit(index, read(this.#text, colon + 1))
      if (this.#complete) return undefined
    }
    return matched
  }

  #isBelow(path: readonly string[], level: number): boolean {
    for (let depth = 0; depth < Math.min(path.length, level); depth++)
      if (path[depth] !== this.#current[depth]) return false
    return true
  }

  #array(at: number): number | undefined {
    const text = this.#text
    const level = this.#level
    if (level < 0) {
      this.#visit(-1, new JsonError(malformed))
      return undefined
    }
    const inside = [...this.#paths.keys()].filter((index) => {
      const path = this.#paths[index] as readonly string[]
      const part = path[level]
      return part !== undefined && !this.#found.has(index) && /^\[.+/.test(part) && this.#isBelow(path, level)
    })
    if (inside.length === 0) {
      const end = blockEnd(text, at, '[', ']')
      return end === -1 ? undefined : end - 1
    }
    this.#level++
    const end = eachElement(text, at, (value, position) => {
      for (const index of inside) {
        const path = this.#paths[index] as readonly string[]
        if (path[level] === `[${position}]`) this.#element(index, path.slice(level + 1), value)
      }
    })
    return this.#complete ? undefined : end - 1
  }

  #element(index: number, rest: readonly string[], value: JsonValue): void {
    this.#matched++
    this.#found.add(index)
    if (rest.length === 0) {
      this.#visit(index, value)
      return
    }
    const found = lookUp(value.raw, rest)
    if (found) this.#visit(index, found)
  }
}

function read(text: string, from: number): JsonValue | Error {
  try {
    return readJson(text, from)
  } catch (error) {
    if (error instanceof JsonError) return error
    throw error
  }
}

/** Calls back with each element. Returns the position of the closing bracket, or where the array is broken. */
function eachElement(text: string, open: number, visit: (value: JsonValue, position: number) => void): number {
  let at = nextToken(text, open + 1)
  if (at === -1) return open + 1
  for (let position = 0; text[at] !== ']'; position++) {
    const value = read(text, at)
    if (value instanceof Error) return at
    visit(value, position)
    const next = nextToken(text, value.end)
    if (next === -1) return value.end
    at = next
    if (text[at] === ']') break
    if (text[at] !== ',') return at
    const following = nextToken(text, at + 1)
    if (following === -1) return at + 1
    at = following
  }
  return at
}

/** Looks for one path within a value. */
function lookUp(text: string, path: readonly string[]): JsonValue | Error | undefined {
  let found: JsonValue | Error | undefined
  eachPath(text, [path], (_, value) => {
    found ??= value
  })
  return found
}
