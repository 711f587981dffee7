import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '../..')

/** The families of cases, one a file, in the order of the page. */
const families = [
  'plain',
  'fields',
  'redaction',
  'events',
  'text',
  'errors',
  'destinations',
  'rotation',
  'context',
  'levels',
  'children',
  'formats',
  'sampling',
  'http',
  'outgoing',
  'process',
  'peers',
  'techniques',
  'cli',
]

/**
 * The cases of a family. One family is loaded at a time, so that a contender's process loads no more than it runs.
 *
 * @param root The checkout that it is loaded from, with the packages there: this one unless given.
 */
export async function casesOf(family, root = ROOT) {
  const { cases } = await import(pathToFileURL(join(root, 'test/bench/families', `${family}.mjs`)).href)
  return cases.map((one) => ({ ...one, family }))
}

/** Every case, in the order of the page. */
export async function allCases() {
  return (await Promise.all(families.map((family) => casesOf(family)))).flat()
}
