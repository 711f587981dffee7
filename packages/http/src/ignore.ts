import { globMatcher, isGlob } from 'throughline/internal'

/** Says of a request that it needs no lines: by path, by glob (`/health/**`), or as a function sees fit. */
export type IgnoreRule<Req> = string | ((req: Req) => boolean)

/** A predicate from rules; paths are compared with the request's path, without its query. */
export type Ignores = (given: unknown, path: string) => boolean

/** Plain paths are looked up, globs are compiled by the core, whose sampling rules have them too. */
export function compileIgnore<Req>(rules: readonly IgnoreRule<Req>[]): Ignores {
  const texts = rules.filter((rule) => typeof rule === 'string')
  const functions = rules.filter((rule) => typeof rule === 'function')
  const paths = new Set(texts.filter((text) => !isGlob(text)))
  const globs = texts.filter(isGlob).map(globMatcher)
  return (given, path) =>
    paths.has(path) || globs.some((glob) => glob(path)) || functions.some((rule) => rule(given as Req) === true)
}
