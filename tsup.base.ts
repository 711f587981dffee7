import { defineConfig } from 'tsup'

interface Library {
  readonly entry: readonly string[]
  /** Files of `dist` that another configuration of the same package writes: cleaning leaves them. */
  readonly keep?: readonly string[]
}

/** How every package is built: ESM and CJS, types for both, readable, for the oldest Node that is supported. */
export function library({ entry, keep = [] }: Library) {
  return defineConfig({
    entry: [...entry],
    format: ['esm', 'cjs'],
    target: 'node20',
    dts: true,
    clean: keep.map((file) => `!${file}`),
    // What two entries share is one module, in CJS too: its state must not exist twice in a program.
    splitting: entry.length > 1,
    // Rollup writes the CJS of those: the usual way would turn every `?.` and `??` into calls.
    treeshake: entry.length > 1,
    // `node:sqlite` and its like exist only under the prefixed name.
    removeNodeProtocol: false,
  })
}
