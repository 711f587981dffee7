/** Prints what benchmarks.json renders to; `pnpm bench` writes the same. */
import { page } from './page.mjs'
import { readBenchmarks } from './store.mjs'

process.stdout.write(page(readBenchmarks()))
