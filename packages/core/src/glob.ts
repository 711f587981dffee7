/**
 * Globs of request paths:
 *
 * ```text
 * *        any characters but a slash; at least one where it stands alone between slashes
 * **       any number of segments, none too, where it stands alone between slashes
 * ?        one character but a slash
 * [a-z]    one of these characters; [!a-z] or [^a-z] one that is none of them
 * {a,b}    one of these texts, which may be globs
 * \*       the character itself
 * ```
 *
 * A slash at the end of the path does not count. Everything else stands for itself, parentheses and a leading `!` too, which
 * paths may have. No library for file names: loading one was a fifth of loading the logger, for programs without any glob
 * (bench `start-up`), and a seventh of its size.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const end = glob.endsWith('/') ? '$' : '/?$'
  const pattern = new RegExp(`^(?:${source(glob)})${end}`, 's')
  return (path) => pattern.test(path)
}

/** Whether a text means other paths than itself. */
export function isGlob(text: string): boolean {
  return /[*?[{\\]/.test(text)
}

const TOKEN = /(?<=^|\/)\*\*\/|\/\*\*$|\*+|\[[!^]?[^\]/]+\]|\\?./gs

function source(glob: string): string {
  const braces = bracesOf(glob)
  let depth = 0
  return glob.replace(TOKEN, (token, at: number) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '/**') return '(?:/.*)?'
    if (token.startsWith('*')) return token === glob && token === '**' ? '.*' : isAlone(glob, at) ? '[^/]+' : '[^/]*'
    if (token === '?') return '[^/]'
    if (token.length > 1) return token.startsWith('[') ? classOf(token) : literal(token.slice(1))
    if (token === ',' && depth > 0) return '|'
    if (!braces.has(at)) return literal(token)
    depth += token === '{' ? 1 : -1
    return token === '{' ? '(?:' : ')'
  })
}

/** Whether it is a star that is a whole segment. */
function isAlone(glob: string, at: number): boolean {
  return (at === 0 || glob[at - 1] === '/') && (at + 1 === glob.length || glob[at + 1] === '/')
}

function classOf(token: string): string {
  const isOther = /^\[[!^]./s.test(token.slice(0, -1))
  const characters = token.slice(isOther ? 2 : 1, -1).replace(/(.)-(.)|./gs, (one, from, to) => {
    if (from === undefined) return literal(one)
    return `${literal(from)}${from <= to ? '-' : '\\-'}${literal(to)}`
  })
  return isOther ? `[^/${characters}]` : `[${characters}]`
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** Where the braces are that belong together: the others are characters like any. */
function bracesOf(glob: string): ReadonlySet<number> {
  const paired = new Set<number>()
  const open: number[] = []
  for (const { 0: token, index } of glob.matchAll(TOKEN)) {
    if (token === '{') open.push(index)
    const start = token === '}' ? open.pop() : undefined
    if (start !== undefined) paired.add(start).add(index)
  }
  return paired
}
