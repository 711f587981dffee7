import { defineConfig } from 'tsup'

/** How every package is built: ESM and CJS, types for both, readable, for the oldest Node that is supported. */
export function library(entry: Readonly<Record<string, string>>) {
  return defineConfig({
    entry: { ...entry },
    format: ['esm', 'cjs'],
    target: 'node20',
    dts: true,
    clean: true,
    // `node:sqlite` and its like exist only under the prefixed name.
    removeNodeProtocol: false,
  })
}
