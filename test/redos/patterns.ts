import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import ts from 'typescript'

/** A regular expression as it stands in a source. */
export interface Pattern {
  readonly source: string
  readonly flags: string
  /** `packages/core/src/levels/directives.ts:46`. */
  readonly place: string
}

/** A regular expression that is made while the program runs. */
export interface MadePattern {
  readonly place: string
  readonly text: string
}

const packages = join(import.meta.dirname, '../../packages')
/** `core/src/levels/directives.ts`, not its tests and what is made by the build. */
const SOURCE = /^[^/]+\/src\/.*(?<!\.test|\.inline)\.ts$/

/** Every regular expression of the packages' published sources. */
export function patternsOf(): { readonly written: readonly Pattern[]; readonly made: readonly MadePattern[] } {
  const written: Pattern[] = []
  const made: MadePattern[] = []
  for (const name of sourceFiles()) {
    const file = ts.createSourceFile(name, readFileSync(join(packages, name), 'utf8'), ts.ScriptTarget.Latest, true)
    const visit = (node: ts.Node): void => {
      const place = `packages/${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
      if (ts.isRegularExpressionLiteral(node)) written.push({ ...partsOf(node.text), place })
      else if (isRegExpCall(node)) {
        const pattern = constantOf(node)
        if (pattern === undefined) made.push({ place, text: node.getText() })
        else written.push({ ...pattern, place })
      }
      ts.forEachChild(node, visit)
    }
    visit(file)
  }
  return { written, made }
}

function sourceFiles(): readonly string[] {
  return readdirSync(packages).flatMap((folder) =>
    readdirSync(join(packages, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/src/${path.split(sep).join('/')}`)
      .filter((name) => SOURCE.test(name)),
  )
}

function partsOf(literal: string): { readonly source: string; readonly flags: string } {
  const end = literal.lastIndexOf('/')
  return { source: literal.slice(1, end), flags: literal.slice(end + 1) }
}

type RegExpCall = ts.NewExpression | ts.CallExpression

function isRegExpCall(node: ts.Node): node is RegExpCall {
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp'
}

/** Its pattern, where that is a plain text. */
function constantOf({ arguments: given = [] as never }: RegExpCall) {
  const [source, flags] = given
  if (source === undefined || !ts.isStringLiteralLike(source)) return undefined
  if (flags !== undefined && !ts.isStringLiteralLike(flags)) return undefined
  return { source: source.text, flags: flags?.text ?? '' }
}
