import { defineConfig, type Options } from 'tsup'
import { library } from '../../tsup.base.js'

/** The command: a few lines beside the library, which it imports as built. */
const bin: Options = {
  entry: ['src/bin.ts'],
  format: 'esm',
  target: 'node20',
  external: ['./index.js'],
  removeNodeProtocol: false,
}

export default [
  {
    ...library({ entry: ['src/index.ts'], keep: ['bin.js'] }),
    // tsup leaves optional dependencies to their packages only where it is told to.
    external: ['@duckdb/node-api'],
    // The page is found beside the module, in CJS too.
    shims: true,
  },
  defineConfig(bin),
].flat()
