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
  /** Whether what stands here is readable whatever the default names and the detectors say. */
  readonly isAllowed: boolean
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
  isAllowed: boolean
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

/** The names of a line's format: by ours, and other names for ours. */
export interface StoreNames {
  readonly names: Readonly<Record<string, string>>
  readonly aliases?: Readonly<Record<string, string>>
}

/**
 * @param paths What is secret.
 * @param allowed What is readable.
 * @param storeNames A path may begin with the store's name for a field of ours: `msg` for the message in pino's format.
 * @throws TypeError naming the path that cannot be read.
 */
export function compilePaths(
  paths: readonly string[],
  allowed: readonly string[] = [],
  storeNames?: StoreNames,
): PathState | undefined {
  if (paths.length === 0 && allowed.length === 0) return undefined
  const root = branch()
  const ours = new Map(Object.entries(storeNames?.names ?? {}).map(([name, stored]) => [stored, name]))
  for (const path of paths) for (const end of endsOf(root, path, 'paths', ours, storeNames)) end.rule = path
  for (const path of allowed) for (const end of endsOf(root, path, 'allow', ours, storeNames)) end.isAllowed = true
  return determine([root], new Map())
}

/** The branches at which a path ends: two where its first name is the store's for a field of ours. */
function endsOf(
  root: Branch,
  path: string,
  option: 'paths' | 'allow',
  ours: ReadonlyMap<string, string>,
  storeNames: StoreNames | undefined,
): readonly Branch[] {
  const segments = parsePath(path)
  if (segments === undefined) {
    throw new TypeError(
      `redact.${option}: "${path}" is not a path; accepted: names joined with dots, "*" or "[*]" for any, ["a name"] in brackets`,
    )
  }
  const [first, ...rest] = segments
  const end = (start: string | typeof WILDCARD) =>
    [start, ...rest].reduce<Branch>((at, segment) => child(at, segment as string | typeof WILDCARD), root)
  const our = typeof first === 'string' ? ours.get(first) : undefined
  if (first === undefined || our === undefined) return [end(first ?? WILDCARD)]
  // An alias is never a field's name of its own.
  return storeNames?.aliases?.[first as string] === our ? [end(our)] : [end(our), end(first)]
}

function branch(): Branch {
  return { rule: undefined, isAllowed: false, children: new Map(), wildcard: undefined }
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
    isAllowed: branches.some(({ isAllowed }) => isAllowed),
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
  exact.stack = { exact: stack?.exact ?? Object.create(null), any: stack?.any, isAllowed: false, rule }
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
