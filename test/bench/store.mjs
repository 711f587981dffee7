/** `benchmarks.json`, and the page that is rendered from it. Written after each case, so that a run can be broken off. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { machine, versions } from './environment.mjs'
import { allCases } from './families.mjs'
import { page } from './page.mjs'

const folder = join(import.meta.dirname, '../../docs/reference')
const JSON_PATH = join(folder, 'benchmarks.json')
export const PAGE_PATH = join(folder, 'benchmarks.md')

const order = (await allCases()).map(({ id }) => id)

export function readBenchmarks() {
  return JSON.parse(readFileSync(JSON_PATH, 'utf8'))
}

export class Store {
  #benchmarks = { machine: machine(), versions: versions(), results: [] }

  /** @throws where what was measured before cannot stand beside what will be measured now. */
  constructor({ isFresh }) {
    if (isFresh || !existsSync(JSON_PATH)) return
    const { machine: before, versions: then, results } = readBenchmarks()
    const isComparable =
      isDeepStrictEqual(before, this.#benchmarks.machine) && isDeepStrictEqual(then, this.#benchmarks.versions)
    if (!isComparable) throw new Error('benchmarks.json is of another machine or other versions: --fresh begins anew')
    this.#benchmarks.results = results.filter(({ id }) => order.includes(id))
  }

  /** Takes the place of what the same case gave on the same line of Node. */
  put(result) {
    const others = this.#benchmarks.results.filter(({ id, line }) => id !== result.id || line !== result.line)
    this.#benchmarks.results = [...others, result].sort(
      (a, b) => order.indexOf(a.id) - order.indexOf(b.id) || a.line - b.line,
    )
    writeFileSync(JSON_PATH, `${JSON.stringify(this.#benchmarks, undefined, 1)}\n`)
    writeFileSync(PAGE_PATH, page(this.#benchmarks))
  }
}
