/**
 * Redaction paths, compiled once to a deterministic automaton: a step of the walk costs one look-up, however many paths
 * there are.
 *
 * ```text
 * path    = segment *( "." segment | index )
 * segment = name | "*"
 * index   = "[" ( "*" | name | quoted name ) "]"
 * ```
 *
 * `*` and `[*]` both stand for any one key or element. Names are taken as written; one with a `*` or a comma in it is
 * quoted (with `"`, `'` or a backtick), since without quotes it is a slip that would hide nothing.
 */
export interface PathState {
  /** The path that ends here, when one does: what stands here is never written. */
  readonly rule: string | undefined
  /** Where a key that some path names leads. */
  readonly exact: Readonly<Record<string, PathState | undefined>>
  /** Where every other key leads. */
  readonly any: PathState | undefined
}

/** Where a key leads from a state; `undefined` where no path goes on. */
export function step(state: PathState, key: string): PathState | undefined {
  return state.exact[key] ?? state.any
}

/** The first rule that a state or any beyond it has, for what cannot be hidden in part. */
export function ruleWithin(state: PathState | undefined, seen: Set<PathState> = new Set()): string | undefined {
  if (state === undefined || seen.has(state)) return undefined
  if (state.rule !== undefined) return state.rule
  seen.add(state)
  for (const next of [state.any, ...Object.values(state.exact)]) {
    const rule = ruleWithin(next, seen)
    if (rule !== undefined) return rule
  }
  return undefined
}

interface Branch {
  rule: string | undefined
  readonly children: Map<string, Branch>
  wildcard: Branch | undefined
}

const SEGMENT = /^(?:\.?(\*|[^.[\]"'`,*]+)|\[(?:"([^"]*)"|'([^']*)'|`([^`]*)`|(\*|[^\]"'`,*[]+))\])(?=[.[]|$)/

/** In place of a name. */
const WILDCARD = Symbol('*')

/** Splits a path; `undefined` when it is not one. */
function parsePath(path: string): readonly (string | typeof WILDCARD)[] | undefined {
  const segments: (string | typeof WILDCARD)[] = []
  let rest = path
  while (rest !== '') {
    const match = SEGMENT.exec(rest)
    if (match === null) return undefined
    const bare = match[1] ?? match[5]
    segments.push(bare === '*' ? WILDCARD : (bare ?? match[2] ?? match[3] ?? match[4] ?? ''))
    rest = rest.slice(match[0].length)
    if (rest === '.') return undefined
  }
  return segments.length === 0 || path.startsWith('.') ? undefined : segments
}

/** @throws TypeError naming the path that cannot be read. */
export function compilePaths(paths: readonly string[]): PathState | undefined {
  if (paths.length === 0) return undefined
  const root = branch()
  for (const path of paths) {
    const segments = parsePath(path)
    if (segments === undefined) {
      throw new TypeError(
        `redact.paths: "${path}" is not a path; accepted: names joined with dots, "*" or "[*]" for any, ["a name"] in brackets`,
      )
    }
    let at = root
    for (const segment of segments) at = child(at, segment)
    at.rule = path
  }
  return determine([root], new Map())
}

function branch(): Branch {
  return { rule: undefined, children: new Map(), wildcard: undefined }
}

function child(parent: Branch, segment: string | typeof WILDCARD): Branch {
  if (segment === WILDCARD) {
    parent.wildcard ??= branch()
    return parent.wildcard
  }
  const existing = parent.children.get(segment)
  if (existing !== undefined) return existing
  const created = branch()
  parent.children.set(segment, created)
  return created
}

/** The subset construction: one state for every set of branches that a walk can be on at once. */
function determine(branches: readonly Branch[], seen: Map<string, PathState>): PathState {
  const numbers = branches.map(numberOf).sort((a, b) => a - b)
  const known = seen.get(numbers.join())
  if (known !== undefined) return known
  const exact: Record<string, PathState | undefined> = Object.create(null)
  const wild = branches.flatMap(({ wildcard }) => (wildcard === undefined ? [] : [wildcard]))
  const state = {
    rule: branches.find(({ rule }) => rule !== undefined)?.rule,
    exact,
    any: undefined as PathState | undefined,
  }
  seen.set(numbers.join(), state)
  for (const key of new Set(branches.flatMap(({ children }) => [...children.keys()]))) {
    const next = branches.flatMap(({ children }) => children.get(key) ?? [])
    exact[key] = determine([...next, ...wild], seen)
  }
  if (wild.length > 0) state.any = determine(wild, seen)
  hideStack(state)
  return state
}

/** An error's stack begins with its message, so that whoever hides the one hides the other. */
function hideStack({ exact, any }: { exact: Record<string, PathState | undefined>; any: PathState | undefined }): void {
  const rule = (exact.message ?? any)?.rule
  const stack = exact.stack ?? any
  if (rule === undefined || stack?.rule !== undefined) return
  exact.stack = { exact: stack?.exact ?? Object.create(null), any: stack?.any, rule }
}

const numbers = new WeakMap<Branch, number>()
let nextNumber = 0

function numberOf(one: Branch): number {
  let number = numbers.get(one)
  if (number === undefined) {
    number = nextNumber++
    numbers.set(one, number)
  }
  return number
}
