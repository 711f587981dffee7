import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../docs/markdown.js'

/** A value, and the type of an npm package that it has to be of. */
export interface Literal {
  readonly name: string
  readonly value: unknown
  readonly type: string
  readonly from: string
  /** The type that it is compared with, where that is not the imported one but made from it. */
  readonly as?: string
}

/**
 * Compiles values as literals of their types, so that a field that the type does not have is a fault, too.
 *
 * @returns what the compiler says of each, by its name.
 */
export function compileLiterals(literals: readonly Literal[]): ReadonlyMap<string, readonly string[]> {
  const modules = new Map(literals.map((literal, i) => [join(import.meta.dirname, `literal-${i}.mts`), literal]))
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.fileExists = (path) => modules.has(path) || fileExists(path)
  host.readFile = (path) => {
    const literal = modules.get(path)
    return literal === undefined ? readFile(path) : asModule(literal)
  }
  const problems = new Map<string, string[]>(literals.map(({ name }) => [name, []]))
  const program = ts.createProgram([...modules.keys()], { ...options, noEmit: true }, host)
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const literal = modules.get(file?.fileName ?? '')
    const words = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (literal === undefined) throw new Error(words)
    problems.get(literal.name)?.push(words)
  }
  return problems
}

function asModule({ type, from, as = type, value }: Literal): string {
  return `import type { ${type} } from '${from}'\nexport const value: ${as} = ${JSON.stringify(value)}\n`
}
