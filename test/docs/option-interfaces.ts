import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root } from './markdown.js'

/** A member of an options interface, as its source declares it. */
export interface Member {
  /** `success`, or `keep.status` where the interface has an object in it. */
  readonly name: string
  /** The type's own text, without `readonly`. */
  readonly type: string
  readonly isOptional: boolean
}

/** An interface whose members are options, as a package exports it. */
export interface OptionInterface {
  readonly name: string
  /** What a program imports it from: `throughline/destination`. */
  readonly from: string
  /** The interfaces that it extends, by their names. */
  readonly bases: readonly string[]
  readonly members: readonly Member[]
}

/** Taken in part, `Partial<RequestLevels>`. */
const PARTIAL = ['RequestLevels']
/** Options under other names. */
const OTHERS = ['Branch', 'SamplingRule', 'RequestLevels']
/** What a function returns, for Fastify's own factory to take. */
const RETURNED = ['FastifyLoggingOptions']

/** The options interfaces of every package, each once, where the first package that has it exports it. */
export function optionInterfaces(): readonly OptionInterface[] {
  const entries = entryPoints()
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const program = ts.createProgram([...entries.keys()], options)
  const checker = program.getTypeChecker()
  const found = new Map<ts.Node, OptionInterface>()
  for (const [path, from] of entries) {
    const file = program.getSourceFile(path)
    const module = file && checker.getSymbolAtLocation(file)
    for (const exported of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const node = symbol.declarations?.find(ts.isInterfaceDeclaration)
      // What a package hands on is its sibling's, and that one has it by its built types.
      const isOwn = node !== undefined && dirname(node.getSourceFile().fileName).startsWith(dirname(path))
      const isOptions =
        (exported.name.endsWith('Options') && !RETURNED.includes(exported.name)) || OTHERS.includes(exported.name)
      if (node === undefined || !isOwn || !isOptions || found.has(node)) continue
      found.set(node, { name: exported.name, from, bases: basesOf(node), members: membersOf(node.members) })
    }
  }
  return [...found.values()]
}

/** The source of each name that a package exports, by the convention that `.` is `src/index.ts` and `./event` `src/event.ts`. */
function entryPoints(): ReadonlyMap<string, string> {
  const folders = readdirSync(join(root, 'packages')).sort((a, b) => Number(b === 'core') - Number(a === 'core'))
  return new Map(
    folders.flatMap((folder) => {
      const path = join(root, 'packages', folder)
      const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { name: string; exports: object }
      return Object.keys(manifest.exports)
        .filter((key) => !['./package.json', './internal'].includes(key))
        .map((key) => [join(path, 'src', key === '.' ? 'index.ts' : `${key}.ts`), join(manifest.name, key)] as const)
    }),
  )
}

function basesOf(node: ts.InterfaceDeclaration): readonly string[] {
  return (node.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .map((type) => type.getText().match(/\w+(Options|Levels)\b/)?.[0] ?? '')
}

function membersOf(nodes: ts.NodeArray<ts.TypeElement>, under = ''): readonly Member[] {
  return nodes.filter(ts.isPropertySignature).flatMap((node): readonly Member[] => {
    const name = `${under}${node.name.getText()}`
    const isOptional =
      node.questionToken !== undefined || PARTIAL.includes((node.parent as ts.InterfaceDeclaration).name?.text)
    if (node.type !== undefined && ts.isTypeLiteralNode(node.type)) {
      return [{ name, type: 'object', isOptional }, ...membersOf(node.type.members, `${name}.`)]
    }
    const type = (node.type?.getText() ?? '').replaceAll('readonly ', '').replace(/\s+/g, ' ')
    return [{ name, type, isOptional }]
  })
}
