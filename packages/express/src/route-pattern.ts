/** What is read of a router's layers: the same in Express 4 and 5. Only `match` differs in what it returns. */
interface Layer {
  readonly route?: unknown
  readonly handle?: unknown
  readonly name?: string
  readonly params?: unknown
  readonly path?: unknown
  match(path: string): unknown
}
interface Match {
  /** The part of the path that the layer took. */
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  /** As it was registered; router 2.3 and later tell. */
  readonly pattern?: unknown
}
interface Router {
  readonly stack?: readonly Layer[]
}
interface Application {
  /** The app that it is mounted in. */
  readonly parent?: Application
  readonly _router?: Router
  readonly router?: Router
}

/** What is read of an Express request. */
export interface Routed {
  readonly app?: unknown
  readonly route?: { readonly path?: unknown }
  readonly baseUrl?: string
}

/**
 * The pattern of the route that took a request, with those of every router and app that it is mounted in:
 * `/orgs/:org/users/:id`. Express knows the route's own pattern (`req.route.path`), but of the mounts only what they
 * matched (`req.baseUrl`), and forgets that when an error leaves the router. So the route is looked up in the tree of
 * routers, and each layer on the way says itself how it matches the path.
 *
 * @param path The path that the client asked for.
 */
export function routePattern(req: Routed, path: string): string | undefined {
  const { route } = req
  if (route === undefined) return undefined
  const [root, ...mounted] = lineage(req.app as Application | undefined)
  const found = search(stackOf(root), path, route, mounted)
  if (found !== undefined) return found
  return typeof route.path === 'string' ? joined(req.baseUrl ?? '', route.path) : undefined
}

/** The app that took the request and those it is mounted in, the outermost first. */
function lineage(app: Application | undefined): readonly Application[] {
  return app === undefined ? [] : [...lineage(app.parent), app]
}

/** An app's own layers. */
function stackOf(app: Application | undefined): readonly Layer[] | undefined {
  // Express 4 has `_router`, and a getter `router` that throws; Express 5 has `router`.
  return (app?._router ?? app?.router)?.stack
}

function search(
  stack: readonly Layer[] | undefined,
  path: string,
  route: Routed['route'],
  mounted: readonly Application[],
): string | undefined {
  for (const layer of stack ?? []) {
    if (layer.route === route) return patternOf(layer, path)
    if (layer.route !== undefined) continue
    const isApp = layer.name === 'mounted_app' && mounted.length > 0
    const inner = isApp ? stackOf(mounted[0]) : innerStack(layer)
    if (inner === undefined) continue
    const match = ask(layer, path)
    if (match === undefined) continue
    const rest = path.slice(match.path.length) || '/'
    const found = search(inner, rest, route, isApp ? mounted.slice(1) : mounted)
    if (found !== undefined) return joined(patternOf(layer, path), found)
  }
  return undefined
}

function innerStack({ handle }: Layer): readonly Layer[] | undefined {
  const stack = (handle as { readonly stack?: unknown } | undefined)?.stack
  return Array.isArray(stack) ? (stack as readonly Layer[]) : undefined
}

/** Asks a layer for its match. Express 4 leaves the answer on the layer, where the next match replaces it. */
function ask(layer: Layer, path: string): Match | undefined {
  try {
    const answer = layer.match(path)
    if (typeof answer === 'object') return answer as Match
    return answer === true ? ({ path: layer.path, params: layer.params } as Match) : undefined
  } catch {
    // A parameter that cannot be decoded; Express has answered that with 400.
    return undefined
  }
}

/** A layer's pattern as it was registered, else as far as it can be told from what it takes. */
function patternOf(layer: Layer, path: string): string {
  const registered = (layer.route as Routed['route'])?.path
  if (typeof registered === 'string') return registered
  const match = ask(layer, path)
  if (typeof match?.pattern === 'string') return match.pattern
  return match === undefined ? '' : reconstructed(layer, match)
}

/** The taken path with its parameters' names in the place of their values. */
function reconstructed(layer: Layer, match: Match): string {
  const segments = match.path.split('/')
  const named = [...segments]
  for (const [name, value] of Object.entries(match.params)) {
    if (typeof value !== 'string' || value === '') continue
    const whole = segments.flatMap((segment, i) => (decoded(segment) === value ? [i] : []))
    const at = whole.find((i) => whole.length === 1 || holds(layer, segments, i, name)) ?? whole[0]
    if (at !== undefined) named[at] = `:${name}`
    else {
      const part = named.findIndex((segment) => decoded(segment).includes(value))
      if (part !== -1) named[part] = decoded(named[part] as string).replace(value, `:${name}`)
    }
  }
  return named.join('/')
}

/**
 * Whether a segment is the parameter's rather than one of the pattern's own that happens to be equal (`/orgs/:org` taking
 * `/orgs/orgs`): doubled, it must change the parameter and nothing else.
 */
function holds(layer: Layer, segments: readonly string[], at: number, name: string): boolean {
  const segment = segments[at] ?? ''
  const probe = ask(layer, segments.with(at, segment + segment).join('/'))
  return probe?.params[name] === decoded(segment + segment)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function joined(mount: string, rest: string): string {
  const prefix = mount.endsWith('/') ? mount.slice(0, -1) : mount
  return prefix !== '' && rest === '/' ? prefix : prefix + rest
}
